{#- The body of a programme review over the windows in the relation `windows` (programme_code, window_start, window_end;
    an empty end is open), on the map of units that `figures` and `targets` stand on; a `condition` on figures takes some
    areas only. It reads nothing outside the schemas core and reviews and names no database, because the same body is also
    the table macro that an edition carries. -#}
{% macro review_programmes(windows, figures="indicator_values", targets="indicator_targets", condition="true") -%}
  {%- set tables = namespace() -%}
  {%- set tables.periods = ref("dim_period").include(database=false) -%}
  {%- set tables.units = ref("dim_unit").include(database=false) -%}
  {%- set tables.indicators = ref("dim_indicator").include(database=false) -%}
  {%- set tables.figures = ref(figures).include(database=false) -%}
  {%- set tables.targets = ref(targets).include(database=false) -%}
  half_years as (
    select
      windows.programme_code,
      periods.period_code,
      periods.last_year_period_code,
      min(periods.period_code) over (partition by windows.programme_code) as first_period_code,
      count(*) over (partition by windows.programme_code, periods.year) < 2 as is_part_year
    from {{ windows }} as windows
    inner join {{ tables.periods }} as periods
      on periods.period_kind = 'half_year'
      and periods.has_data
      and periods.period_code >= windows.window_start
      and (windows.window_end is null or periods.period_code <= windows.window_end)
  ),

  figures as (
    select
      half_years.programme_code,
      half_years.period_code,
      half_years.last_year_period_code,
      half_years.first_period_code,
      half_years.is_part_year,
      indicator_values.unit_key,
      indicator_values.indicator_code,
      indicator_values.is_area_total,
      indicator_values.value,
      indicator_values.reporting_unit_count,
      indicator_values.expected_unit_count,
      indicator_values.waiting_rows,
      indicators.label_vi,
      indicators.uom,
      indicators.indicator_kind,
      indicators.programme_code as tied_programme_code
    from half_years
    inner join {{ tables.figures }} as indicator_values
      on half_years.programme_code = indicator_values.programme_code
      and half_years.period_code = indicator_values.period_code
    inner join {{ tables.indicators }} as indicators
      on indicator_values.indicator_code = indicators.indicator_code
    where {{ condition }}
  ),

  -- Flows add up over the window; of a stock the newest known value stands.
  accumulated as (
    select
      figures.*,
      case
        when figures.indicator_kind = 'flow'
          then sum(figures.value) over (
            partition by figures.programme_code, figures.unit_key, figures.indicator_code
            order by figures.period_code
            rows between unbounded preceding and current row
          )
        else {{ last_known("figures.value") }} over (
          partition by figures.programme_code, figures.unit_key, figures.indicator_code
          order by figures.period_code
          rows between unbounded preceding and current row
        )
      end as cumulative,
      max(case when figures.period_code = figures.first_period_code then figures.value end) over (
        partition by figures.programme_code, figures.unit_key, figures.indicator_code
      ) as baseline
    from figures
  ),

  -- The province's targets are for all programmes together, so only an indicator that is tied to this one has any.
  against_targets as (
    select
      accumulated.*,
      units.unit_name,
      targets.target,
      last_year.value as same_period_last_year,
      case
        when not accumulated.is_area_total and accumulated.cumulative is not null
          then rank() over (
            partition by
              units.area_key, accumulated.programme_code, accumulated.period_code,
              accumulated.indicator_code, accumulated.is_area_total
            order by accumulated.cumulative desc nulls last
          )
      end as rank,
      -- Of a stock the area has what was reported for the half-year, and a unit what it last reported: so the units are
      -- shared out among themselves.
      cast(
        case when not accumulated.is_area_total then accumulated.cumulative end as double
      ) / nullif(
        cast(
          sum(case when not accumulated.is_area_total then accumulated.cumulative end) over (
            partition by
              units.area_key, accumulated.programme_code, accumulated.period_code, accumulated.indicator_code
          ) as double
        ),
        0
      ) as share_of_area
    from accumulated
    inner join {{ tables.units }} as units
      on accumulated.unit_key = units.unit_key
    left join {{ tables.targets }} as targets
      on accumulated.unit_key = targets.unit_key
      and accumulated.period_code = targets.period_code
      and accumulated.indicator_code = targets.indicator_code
      and accumulated.tied_programme_code = accumulated.programme_code
    left join {{ tables.figures }} as last_year
      on accumulated.unit_key = last_year.unit_key
      and accumulated.last_year_period_code = last_year.period_code
      and accumulated.indicator_code = last_year.indicator_code
      and accumulated.programme_code = last_year.programme_code
  ),

  final as (
    select
      programme_code,
      unit_key,
      unit_name,
      period_code,
      indicator_code,
      label_vi,
      uom,
      value,
      cast(cumulative as decimal(20, 3)) as cumulative,
      cast(baseline as decimal(20, 3)) as baseline,
      cast(target as decimal(20, 3)) as target,
      cast(value as double) / nullif(cast(target as double), 0) as attainment,
      cast(rank as integer) as rank,
      share_of_area,
      same_period_last_year,
      is_area_total,
      is_part_year,
      reporting_unit_count,
      expected_unit_count,
      waiting_rows
    from against_targets
  )

  select * from final
{%- endmacro %}

{#- The same review for any programme and window, as a table macro beside the tables that it reads. -#}
{% macro create_programme_review_over() -%}
  {{ return(adapter.dispatch("create_programme_review_over")()) }}
{%- endmacro %}

{#- Only DuckDB keeps queries with parameters beside the tables. -#}
{% macro spark__create_programme_review_over() -%}
{%- endmacro %}

{% macro default__create_programme_review_over() -%}
  create or replace macro {{ this.schema }}.programme_review_over(programme, first_period, last_period) as table (
    with asked_window as (
      select
        cast(programme as string) as programme_code,
        cast(first_period as string) as window_start,
        cast(last_period as string) as window_end
    ),

    {{ review_programmes("asked_window") }}
  )
{%- endmacro %}
