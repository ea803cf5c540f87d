{{ config(**by_unit({"int_member_changes_attributed": "by_unit"})) }}

with member_changes as (
  select * from {{ ref("int_member_changes_attributed") }}
  where period_code is not null and {{ of_stale_units("unit_key") }}
),

indicators as (
  select * from {{ ref("indicators") }}
  where form_name = 'member_changes' and kind = 'flow'
),

components as (
  select * from {{ ref("indicator_components") }}
),

village_spellings as (
  select * from {{ ref("int_village_spellings") }}
),

villages as (
  select * from {{ ref("int_villages") }}
),

counted as (
  select
    member_changes.unit_key,
    member_changes.period_code,
    indicators.indicator_code,
    member_changes.village,
    {{ fold("member_changes.village") }} as folded,
    count(*) as members
  from member_changes
  inner join components
    on member_changes.change_type = components.change_type
  inner join indicators
    on components.indicator_code = indicators.indicator_code
  group by member_changes.unit_key, member_changes.period_code, indicators.indicator_code, member_changes.village
),

-- One village is written in several ways; of one that no list knows, the first of them by the alphabet stands.
final as (
  select
    counted.unit_key,
    counted.period_code,
    counted.indicator_code,
    coalesce(villages.village_key, nullif(counted.folded, ''), 'not_told') as village_code,
    villages.village_key,
    coalesce(villages.village_name, min(nullif(counted.village, ''))) as village,
    cast(sum(counted.members) as integer) as members
  from counted
  left join village_spellings
    on counted.unit_key = village_spellings.unit_key
    and counted.folded = village_spellings.folded
  left join villages
    on village_spellings.village_key = villages.village_key
  group by
    counted.unit_key, counted.period_code, counted.indicator_code,
    coalesce(villages.village_key, nullif(counted.folded, ''), 'not_told'), villages.village_key, villages.village_name
)

select * from final
