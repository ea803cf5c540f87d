{{ config(**by_unit({"int_member_changes_attributed": "by_unit"})) }}

{%- set categories = {
  "ethnic_group": "ethnic_group_code",
  "religion": "coalesce(religion_code, 'not_told')",
  "household":
    "case when is_poor_household then 'poor' when is_near_poor_household then 'near_poor' else 'other' end",
} -%}
{#- Many a branch tells the year of birth alone, so everybody's age is a difference of years. -#}
{%- set age = "extract(year from changed_on) - birth_year" -%}

with indicators as (
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

-- Each dimension by itself: all of them at once are nearly as many groups as rows.
counted as (
  {%- for dimension, category in categories.items() %}
  select
    unit_key,
    period_code,
    change_type,
    '{{ dimension }}' as dimension,
    {{ category }} as category_code,
    count(*) as members
  from {{ ref("int_member_changes_attributed") }}
  where period_code is not null and {{ of_stale_units("unit_key") }}
  group by unit_key, period_code, change_type, {{ category }}
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

counted_by_age as (
  select
    unit_key,
    period_code,
    change_type,
    {{ age }} as age,
    count(*) as members
  from {{ ref("int_member_changes_attributed") }}
  where period_code is not null and {{ of_stale_units("unit_key") }}
  group by unit_key, period_code, change_type, {{ age }}
),

counted_by_category as (
  select * from counted
  union all
  select
    counted_by_age.unit_key,
    counted_by_age.period_code,
    counted_by_age.change_type,
    'age_band' as dimension,
    age_bands.category_code,
    counted_by_age.members
  from counted_by_age
  inner join age_bands
    on counted_by_age.age >= coalesce(age_bands.age_from, counted_by_age.age)
    and counted_by_age.age <= coalesce(age_bands.age_to, counted_by_age.age)
),

final as (
  select
    counted.unit_key,
    counted.period_code,
    indicators.indicator_code,
    counted.dimension,
    counted.category_code,
    cast(sum(counted.members) as integer) as members
  from counted_by_category as counted
  inner join components
    on counted.change_type = components.change_type
  inner join indicators
    on components.indicator_code = indicators.indicator_code
  group by
    counted.unit_key, counted.period_code, indicators.indicator_code, counted.dimension, counted.category_code
)

select * from final
