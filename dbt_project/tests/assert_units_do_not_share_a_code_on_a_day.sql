-- Codes are reused over time; on any one day a code means one unit.
with units as (
  select * from {{ ref("units") }}
  where unit_code is not null
)

select
  units.unit_key,
  others.unit_key as other_key
from units
inner join units as others
  on units.unit_code = others.unit_code
  and units.unit_key < others.unit_key
where
  coalesce(units.valid_from, date '0001-01-01') <= coalesce(others.valid_to, date '9999-12-31')
  and coalesce(others.valid_from, date '0001-01-01') <= coalesce(units.valid_to, date '9999-12-31')
