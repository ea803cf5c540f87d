-- Totals agree on both maps only if the shares of every unit, along all steps of the crosswalk, add up to the whole.
select
  units.unit_key,
  sum(units_as_is.share) as share
from {{ ref("units") }} as units
left join {{ ref("int_units_as_is") }} as units_as_is
  on units.unit_key = units_as_is.unit_key
where units.area_key is not null and units.unit_key <> units.area_key
group by units.unit_key
having coalesce(sum(units_as_is.share), 0) <> 1
