with units as (
  select * from {{ ref("units") }}
),

-- Of a unit that was split there is no one unit of today.
successors as (
  select
    unit_key,
    max(current_unit_key) as current_unit_key
  from {{ ref("int_units_as_is") }}
  group by unit_key
  having count(*) = 1
),

final as (
  select
    units.unit_key,
    units.unit_code,
    units.unit_name,
    units.unit_level,
    units.unit_kind,
    units.parent_key,
    units.area_key,
    units.valid_from,
    units.valid_to,
    successors.current_unit_key,
    coalesce(units.unit_key = units.area_key, false) as is_area,
    coalesce(units.unit_key <> units.area_key, false) as is_reporting_unit
  from units
  left join successors
    on units.unit_key = successors.unit_key
)

select * from final
