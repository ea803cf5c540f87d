-- Every counted change has one category in every dimension: true counts add up to the figure of the review.
with cells as (
  select * from {{ ref("int_small_cells_covered") }}
),

summed as (
  select
    unit_key,
    period_code,
    indicator_code,
    dimension,
    sum(members) as members
  from cells
  group by unit_key, period_code, indicator_code, dimension
),

composition as (
  select
    unit_key,
    period_code,
    indicator_code,
    dimension,
    max(total) as total
  from {{ ref("member_composition") }}
  group by unit_key, period_code, indicator_code, dimension
)

select
  composition.unit_key,
  composition.period_code,
  composition.indicator_code,
  composition.dimension,
  composition.total,
  summed.members
from composition
left join summed using (unit_key, period_code, indicator_code, dimension)
where coalesce(composition.total, 0) <> coalesce(summed.members, 0)
