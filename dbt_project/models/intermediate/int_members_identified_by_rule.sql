{{ config(**by_unit(
  {"int_member_mentions": "by_unit", "int_citizen_ids_in_doubt": none, "int_unit_successors": none},
  co_partitioned=("int_unit_successors", "current_unit_key"),
)) }}

with mentions as (
  select * from {{ ref("int_member_mentions") }}
  where {{ of_stale_units("unit_key") }}
),

successors as (
  select * from {{ ref("int_unit_successors") }}
),

pseudonym_key as (
  select secret from {{ source("raw", "pseudonym_key") }}
),

citizen_ids_in_doubt as (
  select citizen_id
  from {{ ref("int_citizen_ids_in_doubt") }}
  group by citizen_id
),

-- A village keeps its name when communes merge, and two of the merged communes may each have a Thôn 1: a woman of the
-- merged commune is she of an older one only if one older one alone knows her.
older_homes as (
  select
    older_mentions.folded_name,
    older_mentions.birth,
    older_mentions.folded_village,
    successors.current_unit_key,
    max(older_mentions.unit_key) as older_unit_key
  from {{ ref("int_member_mentions") }} as older_mentions
  inner join successors
    on older_mentions.unit_key = successors.unit_key
    and older_mentions.unit_key <> successors.current_unit_key
  where {{ of_stale_units("older_mentions.unit_key") }}
  group by
    older_mentions.folded_name, older_mentions.birth, older_mentions.folded_village, successors.current_unit_key
  having min(older_mentions.unit_key) = max(older_mentions.unit_key)
),

{% for relation, condition in [("without_number", "is null"), ("with_number", "is not null")] -%}
{{ relation }} as (
  select
    mentioned.folded_name,
    mentioned.birth,
    mentioned.folded_village,
    coalesce(older_homes.older_unit_key, mentioned.unit_key) as home_unit_key,
    mentioned.citizen_id
  from {{ ref("int_member_mentions") }} as mentioned
  left join older_homes
    on mentioned.unit_key = older_homes.current_unit_key
    and mentioned.folded_name = older_homes.folded_name
    and mentioned.birth = older_homes.birth
    and mentioned.folded_village = older_homes.folded_village
  where mentioned.citizen_id {{ condition }} and {{ of_stale_units("mentioned.unit_key") }}
),

{% endfor -%}
left_out as (
  select
    folded_name,
    birth,
    folded_village,
    home_unit_key
  from without_number
  group by folded_name, birth, folded_village, home_unit_key
),

-- One citizen number alone beside a name, birth and village is hers also where it was left out; of two, nobody knows.
only_numbers as (
  select
    with_number.folded_name,
    with_number.birth,
    with_number.folded_village,
    with_number.home_unit_key,
    max(with_number.citizen_id) as citizen_id
  from with_number
  inner join left_out
    on with_number.folded_name = left_out.folded_name
    and with_number.birth = left_out.birth
    and with_number.folded_village = left_out.folded_village
    and with_number.home_unit_key = left_out.home_unit_key
  group by with_number.folded_name, with_number.birth, with_number.folded_village, with_number.home_unit_key
  having min(with_number.citizen_id) = max(with_number.citizen_id)
),

at_home as (
  select
    mentions.*,
    coalesce(older_homes.older_unit_key, mentions.unit_key) as home_unit_key
  from mentions
  left join older_homes
    on mentions.unit_key = older_homes.current_unit_key
    and mentions.folded_name = older_homes.folded_name
    and mentions.birth = older_homes.birth
    and mentions.folded_village = older_homes.folded_village
),

numbered as (
  select
    at_home.*,
    coalesce(at_home.citizen_id, only_numbers.citizen_id) as her_citizen_id
  from at_home
  left join only_numbers
    on at_home.citizen_id is null
    and at_home.folded_name = only_numbers.folded_name
    and at_home.birth = only_numbers.birth
    and at_home.folded_village = only_numbers.folded_village
    and at_home.home_unit_key = only_numbers.home_unit_key
),

-- A number in doubt identifies nobody alone.
final as (
  select
    numbered.submission_id,
    numbered.sheet_number,
    numbered.row_number,
    {{ pseudonym(
      "pseudonym_key.secret",
      "case when numbered.her_citizen_id is null"
      " then 'name|' || numbered.folded_name || '|' || numbered.birth || '|' || numbered.home_unit_key || '|'"
      " || numbered.folded_village"
      " when citizen_ids_in_doubt.citizen_id is null then 'citizen_id|' || numbered.her_citizen_id"
      " else 'citizen_id|' || numbered.her_citizen_id || '|' || numbered.folded_name || '|' || numbered.birth end"
    ) }} as member_key,
    numbered.unit_key,
    numbered.return_period_code,
    numbered.period_code,
    numbered.change_type,
    numbered.changed_on,
    numbered.ethnic_group_code,
    numbered.is_core
  from numbered
  cross join pseudonym_key
  left join citizen_ids_in_doubt
    on numbered.her_citizen_id = citizen_ids_in_doubt.citizen_id
)

select * from final
