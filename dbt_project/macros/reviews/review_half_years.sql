{#- The body of a half-year review over two models: `figures` in the shape of indicator_values, `targets` in that of
    indicator_targets. The map of units that they stand on is the review's. -#}
{% macro review_half_years(figures, targets) -%}
with indicator_values as (
  select * from {{ ref(figures) }}
  where programme_code = 'all' and {{ of_stale_units("unit_key") }}
),

indicators as (
  select * from {{ ref("dim_indicator") }}
),

periods as (
  select
    *,
    -- half-years of the year so far of which nobody could have told anything
    count(case when not has_data then 1 end) over (partition by year, period_kind order by period_code)
      as uncovered_half_years
  from {{ ref("dim_period") }}
),

units as (
  select * from {{ ref("dim_unit") }}
),

programmes as (
  select * from {{ ref("dim_programme") }}
),

targets as (
  select * from {{ ref(targets) }}
),

-- What the year has brought so far: flows of its half-years up to this one, of a stock what stands now.
with_year as (
  select
    indicator_values.*,
    indicators.label_vi,
    indicators.uom,
    indicators.better_is,
    indicators.sort_order,
    periods.label_vi as period_label_vi,
    periods.last_year_period_code,
    {{ is_before_programme("indicator_values", "programmes.window_start") }} as is_before_programme,
    programmes.window_start as programme_start,
    periods.year_period_code,
    case
      when indicators.indicator_kind = 'stock' then indicator_values.value
      else sum(indicator_values.value) over (
          partition by indicator_values.unit_key, indicator_values.indicator_code, periods.year
          order by indicator_values.period_code
          rows between unbounded preceding and current row
        )
    end as year_to_date,
    case
      when indicators.indicator_kind = 'stock' then {{ is_partial_half_year("indicator_values") }} + indicator_values.unreported_half_years_before
      else periods.uncovered_half_years + sum({{ is_partial_half_year("indicator_values") }}) over (
          partition by indicator_values.unit_key, indicator_values.indicator_code, periods.year
          order by indicator_values.period_code
          rows between unbounded preceding and current row
        )
    end as missing_half_years
  from indicator_values
  inner join indicators using (indicator_code)
  inner join periods using (period_code)
  left join programmes
    on indicators.programme_code = programmes.programme_code
),

-- Beside last year; the base of what is like for like is what a unit had that reported both times.
compared as (
  select
    with_year.*,
    last_year.value as same_period_last_year,
    last_year.reporting_unit_count as last_year_reporting_unit_count,
    case
      when
        not with_year.is_area_total and with_year.reporting_unit_count = with_year.expected_unit_count
        and last_year.reporting_unit_count = last_year.expected_unit_count
        then last_year.value
    end as like_for_like_base
  from with_year
  left join indicator_values as last_year
    on with_year.unit_key = last_year.unit_key
    and with_year.last_year_period_code = last_year.period_code
    and with_year.indicator_code = last_year.indicator_code
    and not {{ is_before_programme("last_year", "with_year.programme_start") }}
),

-- A unit's place among those of its area, and its part of what the area has.
placed as (
  select
    compared.*,
    units.unit_name,
    units.area_key,
    {{ is_ranked("compared", "compared.value") }} and compared.reporting_unit_count > 0 as is_ranked,
    cast(compared.value as double) / nullif(
      cast(
        max(case when compared.is_area_total then compared.value end) over (
          partition by units.area_key, compared.period_code, compared.indicator_code
        ) as double
      ),
      0
    ) as share_of_area,
    {{ like_for_like("sum", "compared.like_for_like_base") }} as like_for_like_last_year,
    {{ like_for_like("sum", "compared.value") }} as like_for_like_value,
    {{ like_for_like("count", "compared.like_for_like_base") }} as like_for_like_unit_count
  from compared
  inner join units using (unit_key)
),

final as (
  select
    placed.unit_key,
    placed.period_code,
    placed.indicator_code,
    placed.is_area_total,
    placed.unit_name,
    placed.label_vi,
    placed.uom,
    placed.value,
    targets.target,
    cast(placed.value as double) / nullif(cast(targets.target as double), 0) as attainment,
    placed.same_period_last_year,
    cast(placed.value - placed.same_period_last_year as decimal(20, 3)) as change,
    cast(placed.year_to_date as decimal(20, 3)) as year_to_date,
    year_targets.target as year_target,
    cast(placed.year_to_date as double) / nullif(cast(year_targets.target as double), 0) as year_attainment,
    {{ rank_among("placed.area_key, placed.period_code, placed.indicator_code", "placed", "placed.value") }} as rank,
    placed.share_of_area,
    placed.carried_value,
    placed.reporting_unit_count,
    placed.expected_unit_count,
    placed.waiting_rows,
    placed.value_basis,
    placed.is_partial,
    placed.last_year_reporting_unit_count,
    cast(placed.like_for_like_value - placed.like_for_like_last_year as decimal(20, 3)) as like_for_like_change,
    cast(placed.like_for_like_unit_count as integer) as like_for_like_unit_count,
    cast(placed.missing_half_years as integer) as missing_half_years,
    placed.period_label_vi,
    placed.sort_order,
    case when not placed.is_area_total then coalesce(placed.value, placed.carried_value) end as additive_value,
    cast(placed.like_for_like_last_year as decimal(20, 3)) as like_for_like_last_year,
    placed.is_before_programme
  from placed
  left join targets
    on placed.unit_key = targets.unit_key
    and placed.period_code = targets.period_code
    and placed.indicator_code = targets.indicator_code
  left join targets as year_targets
    on placed.unit_key = year_targets.unit_key
    and placed.year_period_code = year_targets.period_code
    and placed.indicator_code = year_targets.indicator_code
)

select * from final
{%- endmacro %}
