-- Reviews on today's map are built area by area, so no unit may go into one of another area.
with crosswalk as (
  select * from {{ ref("unit_crosswalk") }}
),

units as (
  select * from {{ ref("units") }}
)

select
  crosswalk.old_unit_key,
  crosswalk.new_unit_key
from crosswalk
inner join units as old_units
  on crosswalk.old_unit_key = old_units.unit_key
inner join units as new_units
  on crosswalk.new_unit_key = new_units.unit_key
where old_units.area_key is distinct from new_units.area_key
