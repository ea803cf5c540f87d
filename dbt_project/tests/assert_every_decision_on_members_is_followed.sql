-- Whoever decided that two are one, or one is two, finds it so; decisions that contradict each other show here. Keys
-- that nothing bears any more (a corrected return has other rows) decide nothing, of which another test warns.
with decisions as (
  select * from {{ ref("member_match_decisions") }}
  where decided_on <= {{ day_known() }}
),

members_named as (
  {{ members_decided_on() }}
)

select
  decisions.first_key,
  decisions.second_key,
  decisions.decision
from decisions
inner join members_named as first_named
  on decisions.first_key = first_named.named_key
inner join members_named as second_named
  on decisions.second_key = second_named.named_key
where (decisions.decision = 'same') <> (first_named.member_key = second_named.member_key)
