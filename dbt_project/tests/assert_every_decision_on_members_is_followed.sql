-- Whoever decided that two are one, or one is two, finds it so; decisions that contradict each other show here. Keys
-- that nothing bears any more (a corrected return has other rows) decide nothing, of which another test warns.
with decisions as (
  select * from {{ ref("member_match_decisions") }}
  where decided_on <= {{ day_known() }}
),

members_named as (
  select
    rows_decided_on.named_key,
    identified.member_key
  from {{ ref("int_member_rows_decided_on") }} as rows_decided_on
  inner join {{ ref("int_members_identified") }} as identified
    on rows_decided_on.submission_id = identified.submission_id
    and rows_decided_on.sheet_number = identified.sheet_number
    and rows_decided_on.row_number = identified.row_number
  where rows_decided_on.is_meant
  group by rows_decided_on.named_key, identified.member_key
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
