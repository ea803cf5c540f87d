with units as (
  select * from {{ ref("units") }}
),

final as (
  select
    unit_key,
    unit_code,
    unit_name,
    unit_level,
    unit_kind,
    parent_key,
    area_key,
    valid_from,
    valid_to,
    coalesce(unit_key = area_key, false) as is_area,
    coalesce(unit_key <> area_key, false) as is_reporting_unit
  from units
)

select * from final
