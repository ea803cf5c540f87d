{{ config(severity="warn") }}

-- A decision on members holds for as long as both of its keys are somebody's. A corrected return, an erased member or a
-- slip in the seed leaves it with a key that nothing bears: it then decides nothing, and whoever decided should know.
with decisions as (
  select * from {{ ref("member_match_decisions") }}
  where decided_on <= {{ day_known() }}
),

rows_decided_on as (
  select * from {{ ref("int_member_rows_decided_on") }}
),

keys as (
  select
    decided_by,
    decided_on,
    first_key as named_key
  from decisions
  union all
  select
    decided_by,
    decided_on,
    second_key as named_key
  from decisions
)

select
  keys.named_key,
  keys.decided_by,
  keys.decided_on
from keys
left join rows_decided_on
  on keys.named_key = rows_decided_on.named_key
where rows_decided_on.named_key is null
