-- A total must be what a reader gets who adds up the units, of a unit that did not report the stock that was carried
-- over; a double count or a lost unit shows here. Where nobody reported, there is no total.
with areas_of_units as (
  select
    unit_key,
    area_key
  from {{ ref("dim_unit") }}
),

units as (
  select
    areas_of_units.area_key as unit_key,
    review.period_code,
    review.indicator_code,
    case when count(review.value) > 0 then sum(coalesce(review.value, review.carried_value)) end as value
  from {{ ref("halfyear_review") }} as review
  inner join areas_of_units
    on review.unit_key = areas_of_units.unit_key
  where not review.is_area_total
  group by areas_of_units.area_key, review.period_code, review.indicator_code
),

areas as (
  select * from {{ ref("halfyear_review") }}
  where is_area_total
)

select
  unit_key,
  period_code,
  indicator_code,
  areas.value as area_value,
  units.value as sum_of_units
from areas
full outer join units using (unit_key, period_code, indicator_code)
where areas.value is distinct from units.value
