with villages as (
  select * from {{ ref("int_villages") }}
),

units as (
  select * from {{ ref("dim_unit") }}
),

final as (
  select
    villages.village_key,
    villages.village_name,
    villages.unit_key,
    units.unit_name,
    units.current_unit_key
  from villages
  inner join units
    on villages.unit_key = units.unit_key
)

select * from final
