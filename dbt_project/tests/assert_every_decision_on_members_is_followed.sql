-- Whoever decided that two are one, or one is two, finds it so; decisions that contradict each other show here. Keys
-- that nothing bears any more (a corrected return has other rows) decide nothing, of which another test warns.
with decisions as (
  select * from {{ ref("member_match_decisions") }}
  where decided_on <= {{ day_known() }}
),

identities as (
  select * from {{ ref("int_member_identities") }}
)

select
  decisions.first_key,
  decisions.second_key,
  decisions.decision
from decisions
inner join identities as first_told
  on decisions.first_key = first_told.mention_key
inner join identities as second_told
  on decisions.second_key = second_told.mention_key
where (decisions.decision = 'same') <> (first_told.identity = second_told.identity)
