{%- set kinds = ["same_village", "other_village", "other_unit"] -%}
{{ config(**by_unit(
  {
    "int_member_mentions": "by_unit",
    "int_members_identified_by_rule": "by_unit",
    "int_members_identified_by_decision": none,
  },
  co_partitioned=("units", "area_key"),
)) }}

with units as (
  select * from {{ ref("units") }}
),

{% for kind, columns, asked in [
  ("same_village", ["folded_name", "birth_year", "unit_key", "folded_village"], "count(*) > 1"),
  ("other_village", ["folded_name", "birth", "unit_key"], "min(folded_village) <> max(folded_village)"),
] -%}
{{ kind }}_mentioned as (
  select {{ columns | join(", ") }}
  from {{ ref("int_member_mentions") }}
  where {{ of_stale_units("unit_key") }}
  group by {{ columns | join(", ") }}
  having {{ asked }}
),

{% endfor -%}
other_unit_mentioned as (
  select
    mentions.folded_name,
    mentions.birth,
    units.area_key
  from {{ ref("int_member_mentions") }} as mentions
  inner join units
    on mentions.unit_key = units.unit_key
  where {{ of_stale_units("mentions.unit_key") }}
  group by mentions.folded_name, mentions.birth, units.area_key
  having min(mentions.unit_key) <> max(mentions.unit_key)
),

-- Most names stand alone; who is who is asked only of the others.
candidates as (
  select
    mentions.*,
    units.area_key
  from {{ ref("int_member_mentions") }} as mentions
  inner join units
    on mentions.unit_key = units.unit_key
  left join same_village_mentioned
    on mentions.folded_name = same_village_mentioned.folded_name
    and mentions.birth_year = same_village_mentioned.birth_year
    and mentions.unit_key = same_village_mentioned.unit_key
    and mentions.folded_village = same_village_mentioned.folded_village
  left join other_village_mentioned
    on mentions.folded_name = other_village_mentioned.folded_name
    and mentions.birth = other_village_mentioned.birth
    and mentions.unit_key = other_village_mentioned.unit_key
  left join other_unit_mentioned
    on mentions.folded_name = other_unit_mentioned.folded_name
    and mentions.birth = other_unit_mentioned.birth
    and units.area_key = other_unit_mentioned.area_key
  where
    {{ of_stale_units("mentions.unit_key") }}
    and coalesce(
      same_village_mentioned.unit_key, other_village_mentioned.unit_key, other_unit_mentioned.area_key
    ) is not null
),

{{ member_matches(kinds) }}
