-- What the district has come to is what its units have come to, those that are no more among them: of a flow what each
-- last came to, of a stock what stands in the half-year itself.
with areas_of_units as (
  select
    unit_key,
    area_key
  from {{ ref("dim_unit") }}
),

review as (
  select
    programme_review.*,
    dim_indicator.indicator_kind
  from {{ ref("programme_review") }} as programme_review
  inner join {{ ref("dim_indicator") }} as dim_indicator using (indicator_code)
),

parts as (
  select
    review.programme_code,
    areas_of_units.area_key as unit_key,
    review.indicator_code,
    review.indicator_kind,
    review.period_code,
    case
      when review.indicator_kind = 'stock' then review.cumulative
      else review.cumulative - coalesce(
          lag(review.cumulative) over (
            partition by review.programme_code, review.unit_key, review.indicator_code
            order by review.period_code
          ),
          0
        )
    end as added
  from review
  inner join areas_of_units
    on review.unit_key = areas_of_units.unit_key
  where not review.is_area_total
),

added as (
  select
    programme_code,
    unit_key,
    indicator_code,
    indicator_kind,
    period_code,
    sum(added) as added
  from parts
  group by programme_code, unit_key, indicator_code, indicator_kind, period_code
),

units as (
  select
    programme_code,
    unit_key,
    indicator_code,
    period_code,
    case
      when indicator_kind = 'stock' then added
      else sum(added) over (
          partition by programme_code, unit_key, indicator_code
          order by period_code
          rows between unbounded preceding and current row
        )
    end as cumulative
  from added
)

select
  programme_code,
  unit_key,
  period_code,
  indicator_code,
  review.cumulative as area_cumulative,
  units.cumulative as sum_of_units
from review
left join units using (programme_code, unit_key, period_code, indicator_code)
where review.is_area_total and review.cumulative is distinct from units.cumulative
