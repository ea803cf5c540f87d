with by_rule as (
  select * from {{ ref("int_members_identified_by_rule") }}
),

rows_decided_on as (
  select * from {{ ref("int_member_rows_decided_on") }}
),

pseudonym_key as (
  select secret from {{ source("raw", "pseudonym_key") }}
),

decisions as (
  select
    first_key,
    second_key,
    decision
  from {{ ref("member_match_decisions") }}
  where decided_on <= {{ day_known() }}
),

named_by_rule as (
  select
    rows_decided_on.named_key,
    rows_decided_on.is_meant,
    by_rule.submission_id,
    by_rule.sheet_number,
    by_rule.row_number,
    by_rule.unit_key,
    by_rule.member_key
  from by_rule
  inner join rows_decided_on
    on by_rule.submission_id = rows_decided_on.submission_id
    and by_rule.sheet_number = rows_decided_on.sheet_number
    and by_rule.row_number = rows_decided_on.row_number
),

members_named as (
  select
    named_key,
    member_key
  from named_by_rule
  group by named_key, member_key
),

-- The second of two different women stands alone, ...
keys_separated as (
  select decisions.second_key as named_key
  from decisions
  inner join members_named as first_named
    on decisions.first_key = first_named.named_key
  inner join members_named as second_named
    on decisions.second_key = second_named.named_key
    and first_named.member_key = second_named.member_key
  where decisions.decision = 'different'
  group by decisions.second_key
),

separated as (
  select
    members_named.named_key,
    case
      when keys_separated.named_key is not null
        then {{ pseudonym("pseudonym_key.secret", "'mention|' || members_named.named_key") }}
      else members_named.member_key
    end as member_key
  from members_named
  cross join pseudonym_key
  left join keys_separated
    on members_named.named_key = keys_separated.named_key
),

-- ... and the same woman under two names or numbers is one, also over several decisions (eight steps of them).
same_pairs as (
  select
    first_named.member_key as one_key,
    second_named.member_key as other_key
  from decisions
  inner join separated as first_named
    on decisions.first_key = first_named.named_key
  inner join separated as second_named
    on decisions.second_key = second_named.named_key
  where decisions.decision = 'same'
),

one_step as (
  select
    one_key,
    other_key
  from same_pairs
  union
  select
    other_key,
    one_key
  from same_pairs
  union
  select
    one_key,
    one_key as itself
  from same_pairs
  union
  select
    other_key,
    other_key as itself
  from same_pairs
),

{% for before, now in [("one_step", "two_steps"), ("two_steps", "four_steps"), ("four_steps", "eight_steps")] -%}
{{ now }} as (
  select
    nearer.one_key,
    farther.other_key
  from {{ before }} as nearer
  inner join {{ before }} as farther
    on nearer.other_key = farther.one_key
  group by nearer.one_key, farther.other_key
),

{% endfor -%}
united as (
  select
    one_key as member_key,
    min(other_key) as united_key
  from eight_steps
  group by one_key
),

rows_separated as (
  select
    named_by_rule.submission_id,
    named_by_rule.sheet_number,
    named_by_rule.row_number,
    named_by_rule.unit_key,
    separated.member_key
  from named_by_rule
  inner join keys_separated
    on named_by_rule.named_key = keys_separated.named_key
  inner join separated
    on named_by_rule.named_key = separated.named_key
  where named_by_rule.is_meant
),

rows_of_the_united as (
  select
    by_rule.submission_id,
    by_rule.sheet_number,
    by_rule.row_number,
    by_rule.unit_key,
    united.united_key as member_key
  from by_rule
  inner join united
    on by_rule.member_key = united.member_key
    and by_rule.member_key <> united.united_key
  left join rows_separated
    on by_rule.submission_id = rows_separated.submission_id
    and by_rule.sheet_number = rows_separated.sheet_number
    and by_rule.row_number = rows_separated.row_number
  where rows_separated.submission_id is null
),

final as (
  select
    rows_separated.submission_id,
    rows_separated.sheet_number,
    rows_separated.row_number,
    rows_separated.unit_key,
    coalesce(united.united_key, rows_separated.member_key) as member_key
  from rows_separated
  left join united
    on rows_separated.member_key = united.member_key
  union all
  select * from rows_of_the_united
)

select * from final
