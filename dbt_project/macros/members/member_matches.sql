{#- Women who may be one, each group listed until a person has decided: the same number beside two; one name and year in
    one village, one name and birth in one unit or in several of an area. Two who have a number each are two, unless they
    share a village. -#}
{% macro kinds_of_member_matches() -%}
  {{ return({
    "shared_number": {"columns": ["citizen_id"], "having": "1 = 1"},
    "same_village": {"columns": ["folded_name", "birth_year", "unit_key", "folded_village"], "having": "1 = 1"},
    "other_village": {
      "columns": ["folded_name", "birth", "unit_key"],
      "having": "min(folded_village) <> max(folded_village) and count(*) > count(citizen_id)"
    },
    "other_unit": {
      "columns": ["folded_name", "birth", "area_key"],
      "having": "min(unit_key) <> max(unit_key) and count(*) > count(citizen_id)"
    },
  }) }}
{%- endmacro %}

{#- Lines of such groups, from the step `candidates` on: rows of int_member_mentions, each with its area. A name that very
    many bear says nothing. -#}
{% macro member_matches(kinds) -%}
{%- set rules = kinds_of_member_matches() -%}
-- One line per woman as identified and the words in which she is told of; it shows one of the rows that say so.
mentioned as (
  select
    identified.member_key,
    candidates.mention_key,
    candidates.citizen_id,
    candidates.folded_name,
    candidates.birth,
    candidates.birth_year,
    candidates.unit_key,
    candidates.area_key,
    candidates.folded_village,
    min(written.full_name) as full_name,
    min(written.village) as village,
    max(candidates.period_code) as last_period_code,
    min(candidates.changed_on) as first_changed_on,
    max(candidates.changed_on) as last_changed_on,
    count(*) as change_count
  from candidates
  inner join {{ ref("int_members_identified") }} as identified
    on candidates.submission_id = identified.submission_id
    and candidates.sheet_number = identified.sheet_number
    and candidates.row_number = identified.row_number
  inner join {{ ref("int_member_changes_attributed") }} as written
    on candidates.submission_id = written.submission_id
    and candidates.sheet_number = written.sheet_number
    and candidates.row_number = written.row_number
  where {{ of_stale_units("identified.unit_key") }} and {{ of_stale_units("written.unit_key") }}
  group by
    identified.member_key, candidates.mention_key, candidates.citizen_id, candidates.folded_name, candidates.birth,
    candidates.birth_year, candidates.unit_key, candidates.area_key, candidates.folded_village
),

limits as (
  select threshold as member_limit
  from {{ ref("finding_rules") }}
  where finding_kind = 'ambiguous_member'
),

{% for kind in kinds -%}
{%- set rule = rules[kind] -%}
{{ kind }}_groups as (
  select
    {{ rule.columns | join(", ") }},
    '{{ kind }}-' || substr(min(mention_key), 1, 12) as match_key,
    count(distinct member_key) as member_count
  from mentioned
  where {{ rule.columns[0] }} is not null
  group by {{ rule.columns | join(", ") }}
  having min(member_key) <> max(member_key) and {{ rule.having }}
),

{% endfor -%}
final as (
  {%- for kind in kinds %}
  select
    '{{ kind }}' as match_kind,
    {{ kind }}_groups.match_key,
    cast({{ kind }}_groups.member_count as integer) as member_count,
    mentioned.member_key,
    mentioned.mention_key,
    mentioned.unit_key,
    mentioned.full_name,
    mentioned.birth,
    mentioned.citizen_id,
    mentioned.village,
    mentioned.last_period_code,
    mentioned.first_changed_on,
    mentioned.last_changed_on,
    cast(mentioned.change_count as integer) as change_count
  from mentioned
  inner join {{ kind }}_groups using ({{ rules[kind].columns | join(", ") }})
  cross join limits
  where {{ kind }}_groups.member_count <= limits.member_limit
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
)

select * from final
{%- endmacro %}

{#- Whom each key of a decision names, after all decisions were followed. -#}
{% macro members_decided_on() -%}
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
{%- endmacro %}
