with counted as (
  {{ counted_rows("clubs") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    club_name,
    kind,
    programme_code,
    village,
    founded_on,
    status,
    members,
    members_minority
  from counted
)

select * from final
