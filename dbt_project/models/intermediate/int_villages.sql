with villages as (
  select * from {{ ref("villages") }}
),

final as (
  select
    unit_key || '-' || {{ fold("village_name") }} as village_key,
    unit_key,
    village_name
  from villages
)

select * from final
