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

age_bands as (
  select * from {{ ref("member_categories") }}
  where dimension = 'age_band'
),

-- Many a branch tells the year of birth alone, so everybody's age is a difference of years.
counted as (
  select
    member_changes.unit_key,
    member_changes.period_code,
    indicators.indicator_code,
    member_changes.ethnic_group_code as ethnic_group,
    coalesce(member_changes.religion_code, 'not_told') as religion,
    extract(year from member_changes.changed_on) - member_changes.birth_year as age,
    case
      when member_changes.is_poor_household then 'poor'
      when member_changes.is_near_poor_household then 'near_poor'
      else 'other'
    end as household,
    count(*) as members
  from member_changes
  inner join components
    on member_changes.change_type = components.change_type
  inner join indicators
    on components.indicator_code = indicators.indicator_code
  group by
    member_changes.unit_key, member_changes.period_code, indicators.indicator_code,
    member_changes.ethnic_group_code, member_changes.religion_code,
    extract(year from member_changes.changed_on) - member_changes.birth_year,
    member_changes.is_poor_household, member_changes.is_near_poor_household
),

with_age_band as (
  select
    counted.*,
    age_bands.category_code as age_band
  from counted
  inner join age_bands
    on counted.age >= coalesce(age_bands.age_from, counted.age)
    and counted.age <= coalesce(age_bands.age_to, counted.age)
),

final as (
  {%- for dimension in ["ethnic_group", "religion", "age_band", "household"] %}
  select
    unit_key,
    period_code,
    indicator_code,
    '{{ dimension }}' as dimension,
    {{ dimension }} as category_code,
    cast(sum(members) as integer) as members
  from with_age_band
  group by unit_key, period_code, indicator_code, {{ dimension }}
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
)

select * from final
