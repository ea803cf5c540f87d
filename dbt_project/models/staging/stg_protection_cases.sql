with counted as (
  {{ counted_rows("protection_cases") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    reported_on,
    case_type,
    victim_group,
    action,
    outcome
  from counted
)

select * from final
