with half_years as (
  select * from {{ ref("int_half_years_covered") }}
),

units as (
  select * from {{ ref("units") }}
  where area_key is not null and unit_key <> area_key
),

forms_reported as (
  select
    unit_key,
    period_code
  from {{ ref("int_forms_reported") }}
  group by unit_key, period_code
),

-- A unit is asked for a half-year if it stands on its last day; one that reported all the same is kept.
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
    forms_reported.unit_key is not null as has_data
  from half_years
  cross join units
  left join forms_reported
    on units.unit_key = forms_reported.unit_key
    and half_years.period_code = forms_reported.period_code
  where
    forms_reported.unit_key is not null
    or (
      coalesce(units.valid_from, half_years.period_end) <= half_years.period_end
      and coalesce(units.valid_to, half_years.period_end) >= half_years.period_end
    )
)

select * from final
