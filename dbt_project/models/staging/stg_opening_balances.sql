with counted as (
  {{ counted_rows("opening_balances") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    unit_key,
    as_of,
    members,
    members_minority,
    core_members
  from counted
)

select * from final
