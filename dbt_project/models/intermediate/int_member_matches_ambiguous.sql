{%- set kinds = {
  "shared_number": {"columns": ["citizen_id"], "having": "1 = 1"},
  "same_village": {"columns": ["folded_name", "birth_year", "unit_key", "folded_village"], "having": "1 = 1"},
  "other_village": {
    "columns": ["folded_name", "birth", "unit_key"],
    "having": "count(distinct folded_village) > 1 and count(*) > count(citizen_id)"
  },
  "other_unit": {
    "columns": ["folded_name", "birth"],
    "having": "count(distinct unit_key) > 1 and count(*) > count(citizen_id)"
  },
} -%}

with mentions as (
  select * from {{ ref("int_member_mentions") }}
),

identified as (
  select * from {{ ref("int_members_identified") }}
),

written as (
  select * from {{ ref("int_member_changes_attributed") }}
),

identities as (
  select * from {{ ref("int_member_identities") }}
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

limits as (
  select threshold as member_limit
  from {{ ref("finding_rules") }}
  where finding_kind = 'ambiguous_member'
),

-- One line per woman as identified and the words in which she is told of; it shows one of the rows that say so.
told as (
  select
    identified.member_key,
    mentions.mention_key,
    mentions.citizen_id,
    mentions.folded_name,
    mentions.birth,
    mentions.birth_year,
    mentions.unit_key,
    mentions.folded_village,
    min(mentions.row_key) as row_key,
    max(mentions.period_code) as last_period_code,
    min(mentions.changed_on) as first_changed_on,
    max(mentions.changed_on) as last_changed_on,
    count(*) as change_count
  from mentions
  inner join identified
    on mentions.row_key = identified.row_key
  group by
    identified.member_key, mentions.mention_key, mentions.citizen_id, mentions.folded_name, mentions.birth,
    mentions.birth_year, mentions.unit_key, mentions.folded_village
),

-- Women who may be one: the same number beside two; one name and year in one village, one name and birth in one unit or
-- in several. Two who have a number each are two, unless they share a village. A name that very many bear says nothing.
{% for kind, rule in kinds.items() -%}
{{ kind }}_groups as (
  select
    {{ rule.columns | join(", ") }},
    '{{ kind }}-' || substr(min(mention_key), 1, 12) as match_key,
    count(distinct member_key) as member_count
  from told
  where {{ rule.columns[0] }} is not null
  group by {{ rule.columns | join(", ") }}
  having count(distinct member_key) > 1 and {{ rule.having }}
),

{% endfor -%}
matched as (
  {%- for kind, rule in kinds.items() %}
  select
    '{{ kind }}' as match_kind,
    {{ kind }}_groups.match_key,
    {{ kind }}_groups.member_count,
    told.*
  from told
  inner join {{ kind }}_groups using ({{ rule.columns | join(", ") }})
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

decided_pairs as (
  select
    least(first_told.member_key, second_told.member_key) as one_key,
    greatest(first_told.member_key, second_told.member_key) as other_key
  from decisions
  inner join identities as first_told
    on decisions.first_key = first_told.mention_key
  inner join identities as second_told
    on decisions.second_key = second_told.mention_key
  group by
    least(first_told.member_key, second_told.member_key),
    greatest(first_told.member_key, second_told.member_key)
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
    matched.match_key,
    matched.match_kind,
    cast(matched.member_count as integer) as member_count,
    matched.member_key,
    matched.mention_key,
    matched.row_key,
    matched.unit_key,
    units.unit_name,
    written.full_name,
    matched.birth,
    matched.citizen_id,
    written.village,
    matched.last_period_code,
    matched.first_changed_on,
    matched.last_changed_on,
    cast(matched.change_count as integer) as change_count
  from matched
  inner join units
    on matched.unit_key = units.unit_key
  inner join written
    on matched.row_key = written.row_key
  cross join limits
  left join decided_in_groups
    on matched.match_key = decided_in_groups.match_key
  where
    matched.member_count <= limits.member_limit
    and coalesce(decided_in_groups.decided_count, 0) < matched.member_count * (matched.member_count - 1) / 2
)

select * from final
