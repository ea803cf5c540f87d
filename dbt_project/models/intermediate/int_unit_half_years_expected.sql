with half_years as (
  select * from {{ ref("int_half_years_covered") }}
),

units as (
  select * from {{ ref("units") }}
  where area_key is not null and unit_key <> area_key
),

reported as (
  select
    unit_key,
    period_code
  from {{ ref("int_forms_reported") }}
  {%- for relation in [
    "int_members_identified", "int_clubs_attributed", "int_trainings_attributed", "int_support_funds_attributed",
    "int_activities_reconciled", "int_awards_attributed", "int_protection_cases_attributed"
  ] %}
  union
  select
    unit_key,
    period_code
  from {{ ref(relation) }}
  where period_code is not null
  {%- endfor %}
),

-- A unit is asked for a half-year if it stands on its last day; one that something is told of all the same is kept.
final as (
  select
    units.unit_key,
    units.unit_name,
    units.unit_kind,
    units.area_key,
    half_years.period_code,
    half_years.period_start,
    half_years.period_end,
    half_years.sequence_number,
    coalesce(units.valid_from, half_years.period_end) <= half_years.period_end
    and coalesce(units.valid_to, half_years.period_end) >= half_years.period_end as is_expected,
    reported.unit_key is not null as has_data
  from half_years
  cross join units
  left join reported
    on units.unit_key = reported.unit_key
    and half_years.period_code = reported.period_code
  where
    reported.unit_key is not null
    or (
      coalesce(units.valid_from, half_years.period_end) <= half_years.period_end
      and coalesce(units.valid_to, half_years.period_end) >= half_years.period_end
    )
)

select * from final
