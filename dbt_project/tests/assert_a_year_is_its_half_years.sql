-- A year is what the half-year review says of it at its last half-year; a half-year that was lost or counted twice
-- shows here.
with half_years as (
  select
    halfyear_review.*,
    dim_period.year as report_year,
    row_number() over (
      partition by halfyear_review.unit_key, halfyear_review.indicator_code, dim_period.year
      order by halfyear_review.period_code desc
    ) as half_year_from_last
  from {{ ref("halfyear_review") }} as halfyear_review
  inner join {{ ref("dim_period") }} as dim_period using (period_code)
),

years as (
  select * from {{ ref("yearly_review") }}
)

select
  unit_key,
  report_year,
  indicator_code,
  years.value as value_of_year,
  half_years.year_to_date
from years
full outer join half_years using (unit_key, report_year, indicator_code)
where
  coalesce(half_years.half_year_from_last, 1) = 1
  and (
    years.value is distinct from half_years.year_to_date
    or years.year_target is distinct from half_years.year_target
    or years.missing_half_years is distinct from half_years.missing_half_years
    or years.unit_key is null
  )
