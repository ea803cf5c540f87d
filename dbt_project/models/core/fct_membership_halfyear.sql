with balances as (
  select * from {{ ref("int_membership_balances_chained") }}
),

final as (
  select
    unit_key,
    period_code,
    is_reported,
    cast(opening_members as bigint) as opening_members,
    cast(joined_count as integer) as joined_count,
    cast(moved_in_count as integer) as moved_in_count,
    cast(moved_out_count as integer) as moved_out_count,
    cast(left_count as integer) as left_count,
    cast(died_count as integer) as died_count,
    count_adjustment,
    cast(closing_members as bigint) as closing_members
  from balances
)

select * from final
