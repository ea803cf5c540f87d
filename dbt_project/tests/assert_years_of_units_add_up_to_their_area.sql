-- Whoever adds up additive_value gets the area's year, with units that were merged within it; where nobody reported,
-- the area has no figure, whatever is carried over.
with areas_of_units as (
  select
    unit_key,
    area_key
  from {{ ref("dim_unit") }}
),

units as (
  select
    areas_of_units.area_key as unit_key,
    review.report_year,
    review.indicator_code,
    sum(review.additive_value) as value
  from {{ ref("yearly_review") }} as review
  inner join areas_of_units
    on review.unit_key = areas_of_units.unit_key
  group by areas_of_units.area_key, review.report_year, review.indicator_code
),

areas as (
  select * from {{ ref("yearly_review") }}
  where is_area_total
)

select
  unit_key,
  report_year,
  indicator_code,
  areas.value as area_value,
  units.value as sum_of_units
from areas
full outer join units using (unit_key, report_year, indicator_code)
where areas.value is distinct from units.value and (areas.value is not null or areas.unit_key is null)
