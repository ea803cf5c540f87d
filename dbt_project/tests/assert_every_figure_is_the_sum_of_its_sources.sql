-- A figure that nobody can walk back is a rumour: its sources add up to it, for units and for the district. What was
-- carried over for a unit that did not report stands in no figure of the unit, only in that of the district.
with sources as (
  select
    unit_key,
    period_code,
    indicator_code,
    sum(contribution) as contribution
  from {{ ref("figure_sources") }}
  where source_kind not in ('carried_balance', 'carried_row')
  group by unit_key, period_code, indicator_code
  union all
  select
    area_key as unit_key,
    period_code,
    indicator_code,
    sum(contribution) as contribution
  from {{ ref("figure_sources") }}
  group by area_key, period_code, indicator_code
  having count(case when source_kind not in ('carried_balance', 'carried_row') then 1 end) > 0
),

figures as (
  select * from {{ ref("halfyear_review") }}
)

select
  unit_key,
  period_code,
  indicator_code,
  figures.value,
  sources.contribution
from figures
full outer join sources using (unit_key, period_code, indicator_code)
where coalesce(figures.value, 0) <> coalesce(sources.contribution, 0)
  or (figures.value is null and sources.contribution is not null)
