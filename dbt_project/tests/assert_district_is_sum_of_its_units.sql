-- A total must be what a reader gets who adds up the units, of a unit that did not report the stock that was carried
-- over; a double count or a lost unit shows here. Where nobody reported, there is no total.
with units as (
  select
    period_code,
    indicator_code,
    case when count(value) > 0 then sum(coalesce(value, carried_value)) end as value
  from {{ ref("halfyear_review") }}
  where not is_area_total
  group by period_code, indicator_code
),

district as (
  select * from {{ ref("halfyear_review") }}
  where is_area_total
)

select
  district.period_code,
  district.indicator_code,
  district.value as district_value,
  units.value as sum_of_units
from district
full outer join units using (period_code, indicator_code)
where district.value is distinct from units.value
