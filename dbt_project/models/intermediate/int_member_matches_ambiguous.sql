{{ config(materialized=materialized_when_read()) }}

with matched as (
  {%- for found in ["int_member_matches_of_names", "int_member_matches_of_numbers"] %}
  select
    match_kind,
    match_key,
    member_count,
    member_key,
    mention_key,
    unit_key,
    full_name,
    birth,
    citizen_id,
    village,
    last_period_code,
    first_changed_on,
    last_changed_on,
    change_count
  from {{ ref(found) }}
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

units as (
  select * from {{ ref("units") }}
),

decisions as (
  select
    first_key,
    second_key
  from {{ ref("member_match_decisions") }}
  where decision = 'different' and decided_on <= {{ day_known() }}
),

members_decided_on as (
  {{ members_decided_on() }}
),

decided_pairs as (
  select
    least(first_member.member_key, second_member.member_key) as one_key,
    greatest(first_member.member_key, second_member.member_key) as other_key
  from decisions
  inner join members_decided_on as first_member
    on decisions.first_key = first_member.named_key
  inner join members_decided_on as second_member
    on decisions.second_key = second_member.named_key
  group by
    least(first_member.member_key, second_member.member_key),
    greatest(first_member.member_key, second_member.member_key)
),

decided_in_groups as (
  select
    one.match_key,
    count(distinct decided_pairs.one_key || decided_pairs.other_key) as decided_count
  from decided_pairs
  inner join matched as one
    on decided_pairs.one_key = one.member_key
  inner join matched as other
    on decided_pairs.other_key = other.member_key
    and one.match_key = other.match_key
  group by one.match_key
),

final as (
  select
    matched.*,
    units.unit_name
  from matched
  inner join units
    on matched.unit_key = units.unit_key
  left join decided_in_groups
    on matched.match_key = decided_in_groups.match_key
  where coalesce(decided_in_groups.decided_count, 0) < matched.member_count * (matched.member_count - 1) / 2
)

select * from final
