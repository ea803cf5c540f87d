with judged as (
  {{ known_rows("clubs") }}
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
  from judged
  where is_valid
)

select * from final
