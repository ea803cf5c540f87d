-- The map decides where a figure stands, never how large it is: today's units and those of the time add up alike.
with as_was as (
  select
    period_code,
    indicator_code,
    programme_code,
    sum(coalesce(value, carried_value)) as value
  from {{ ref("indicator_values") }}
  where not is_area_total
  group by period_code, indicator_code, programme_code
),

as_is as (
  select
    period_code,
    indicator_code,
    programme_code,
    sum(coalesce(value, carried_value)) as value
  from {{ ref("indicator_values_as_is") }}
  where not is_area_total
  group by period_code, indicator_code, programme_code
)

select
  period_code,
  indicator_code,
  programme_code,
  as_was.value as value_as_was,
  as_is.value as value_as_is
from as_was
full outer join as_is using (period_code, indicator_code, programme_code)
where as_was.value is distinct from as_is.value
