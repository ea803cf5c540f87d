with villages as (
  select * from {{ ref("int_villages") }}
),

successors as (
  select * from {{ ref("int_unit_successors") }}
),

-- A village goes with its unit into the one of today.
by_unit as (
  select
    unit_key,
    village_key,
    village_name
  from villages
  union all
  select
    successors.current_unit_key as unit_key,
    villages.village_key,
    villages.village_name
  from villages
  inner join successors
    on villages.unit_key = successors.unit_key
    and villages.unit_key <> successors.current_unit_key
),

-- Its branch is called like it.
spelled as (
  select
    unit_key,
    village_key,
    village_name,
    {{ fold("village_name") }} as folded
  from by_unit
  union all
  select
    unit_key,
    village_key,
    village_name,
    'chihoi' || {{ fold("village_name") }} as folded
  from by_unit
),

-- Two villages of one name in a unit are told apart by nothing.
final as (
  select
    unit_key,
    folded,
    max(village_key) as village_key,
    max(village_name) as village_name
  from spelled
  group by unit_key, folded
  having count(distinct village_key) = 1
)

select * from final
