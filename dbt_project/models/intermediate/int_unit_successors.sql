with units_as_is as (
  select * from {{ ref("int_units_as_is") }}
),

-- After a split nobody knows which part a woman lives in.
final as (
  select
    unit_key,
    max(current_unit_key) as current_unit_key
  from units_as_is
  group by unit_key
  having count(*) = 1
)

select * from final
