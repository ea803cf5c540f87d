with counted as (
  {{ counted_rows("member_changes") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    full_name,
    birth_year,
    birth_on,
    ethnic_group_code,
    religion_code,
    village,
    change_type,
    changed_on,
    education,
    occupation,
    is_poor_household,
    is_near_poor_household,
    is_core,
    is_party_member,
    citizen_id
  from counted
)

select * from final
