with units as (
  select * from {{ ref("units") }}
),

-- A name that was given again is told apart by its years, and one that two areas have by the unit above it.
named as (
  select
    *,
    unit_name || case
      when count(*) over (partition by area_key, unit_name) = 1 then ''
      when valid_from is not null and valid_to is not null
        then
          ' (từ ' || {{ month_in_vietnamese("valid_from") }} || ' đến ' || {{ month_in_vietnamese("valid_to") }} || ')'
      when valid_from is not null then ' (từ ' || {{ month_in_vietnamese("valid_from") }} || ')'
      when valid_to is not null then ' (đến ' || {{ month_in_vietnamese("valid_to") }} || ')'
      else ''
    end as name_with_years
  from units
),

labelled as (
  select
    named.unit_key,
    named.name_with_years || case
      when count(*) over (partition by named.name_with_years) = 1 then ''
      else coalesce(', ' || areas.unit_name, '')
    end as unit_label
  from named
  left join units as areas
    on named.area_key = areas.unit_key
    and named.unit_key <> named.area_key
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
    coalesce(units.unit_key <> units.area_key, false) as is_reporting_unit,
    labelled.unit_label,
    units.valid_to is null as is_current
  from units
  inner join labelled
    on units.unit_key = labelled.unit_key
  left join successors
    on units.unit_key = successors.unit_key
)

select * from final
