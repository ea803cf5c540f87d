with judged as (
  select * from {{ ref("stg_opening_balances__judged") }}
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
  from judged
  where is_valid
)

select * from final
