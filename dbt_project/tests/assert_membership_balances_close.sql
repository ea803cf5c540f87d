-- Opening + joined + moved in - moved out - left - died = closing, and the closing is the next opening.
with balances as (
  select
    *,
    lag(closing_members) over (partition by unit_key order by period_code) as last_closing_members
  from {{ ref("fct_membership_halfyear") }}
)

select *
from balances
where
  closing_members <> opening_members
  + coalesce(joined_count, 0) + coalesce(moved_in_count, 0)
  - coalesce(moved_out_count, 0) - coalesce(left_count, 0) - coalesce(died_count, 0)
  or opening_members <> last_closing_members
