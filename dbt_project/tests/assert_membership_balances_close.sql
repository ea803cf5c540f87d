-- Opening + joined + moved in - moved out - left - died + adjustment to a count = closing, and the closing is the next
-- opening unless a count opens that half-year.
with balances as (
  select
    *,
    lag(closing_members) over (partition by unit_key order by period_code) as last_closing_members
  from {{ ref("fct_membership_halfyear") }}
),

counts as (
  select
    unit_key,
    period_code
  from {{ ref("int_opening_balances_resolved") }}
  where holds_from = period_start
)

select balances.*
from balances
left join counts using (unit_key, period_code)
where
  balances.closing_members <> balances.opening_members
  + coalesce(balances.joined_count, 0) + coalesce(balances.moved_in_count, 0)
  - coalesce(balances.moved_out_count, 0) - coalesce(balances.left_count, 0) - coalesce(balances.died_count, 0)
  + balances.count_adjustment
  or (counts.unit_key is null and balances.opening_members <> balances.last_closing_members)
