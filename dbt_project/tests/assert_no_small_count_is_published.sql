-- The first half of the rule; that nothing can be computed back is tried by linear programming in the tests.
select
  unit_key,
  period_code,
  indicator_code,
  dimension,
  category_code,
  value
from {{ ref("member_composition") }}
where {{ is_small_count("value") }}
