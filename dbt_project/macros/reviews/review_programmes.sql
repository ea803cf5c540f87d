{#- The body of a programme review over the windows in the relation `windows` (programme_code, window_start, window_end;
    an empty end is open), on the map of units that `figures` and `targets` stand on; a `condition` on figures takes some
    areas only. It reads nothing outside the schemas core and reviews and names no database, because the same body is also
    the table macro that an edition carries. -#}
{% macro review_programmes(windows, figures="indicator_values", targets="indicator_targets", condition="true") -%}
  {%- set tables = namespace() -%}
  {%- set tables.periods = ref("dim_period").include(database=false) -%}
  {%- set tables.units = ref("dim_unit").include(database=false) -%}
  {%- set tables.indicators = ref("dim_indicator").include(database=false) -%}
  {%- set tables.programmes = ref("dim_programme").include(database=false) -%}
  {%- set tables.figures = ref(figures).include(database=false) -%}
  {%- set tables.targets = ref(targets).include(database=false) -%}
  window_half_years as (
    select
      windows.programme_code,
      periods.period_code,
      periods.label_vi as period_label_vi,
      periods.last_year_period_code,
      periods.year_period_code,
      periods.year,
      periods.has_data,
      first_halves.period_code as first_half_code,
      -- half-years of the window so far of which nobody could have told anything
      count(case when not periods.has_data then 1 end) over (
        partition by windows.programme_code
        order by periods.period_code
      ) as uncovered_half_years
    from {{ windows }} as windows
    inner join {{ tables.periods }} as periods
      on periods.period_kind = 'half_year'
      and periods.period_code >= windows.window_start
      and (windows.window_end is null or periods.period_code <= windows.window_end)
    left join {{ tables.periods }} as first_halves
      on first_halves.period_kind = 'half_year'
      and first_halves.year = periods.year
      and first_halves.period_end < periods.period_end
  ),

  half_years as (
    select
      *,
      min(period_code) over (partition by programme_code) as first_period_code,
      count(*) over (partition by programme_code, year) < 2 as is_part_year,
      period_code = max(period_code) over (partition by programme_code, year) as is_end_of_year
    from window_half_years
    where has_data
  ),

  programmes as (
    select
      programme_code,
      label_vi as programme_label_vi,
      window_start as programme_start
    from {{ tables.programmes }}
  ),

  -- The province's targets are for all programmes together, so only an indicator that is tied to this one has any.
  figures as (
    select
      half_years.*,
      indicator_values.unit_key,
      indicator_values.indicator_code,
      indicator_values.is_area_total,
      indicator_values.value,
      indicator_values.carried_value,
      indicator_values.reporting_unit_count,
      indicator_values.expected_unit_count,
      indicator_values.waiting_rows,
      indicator_values.value_basis,
      indicator_values.is_partial,
      indicators.label_vi,
      indicators.uom,
      indicators.indicator_kind,
      indicators.better_is,
      indicators.sort_order,
      indicators.programme_code is not null as is_tied,
      targets.target,
      year_targets.target as year_target,
      first_half_targets.target as first_half_target
    from half_years
    inner join {{ tables.figures }} as indicator_values
      on half_years.programme_code = indicator_values.programme_code
      and half_years.period_code = indicator_values.period_code
    inner join {{ tables.indicators }} as indicators
      on indicator_values.indicator_code = indicators.indicator_code
    left join {{ tables.targets }} as targets
      on indicator_values.unit_key = targets.unit_key
      and half_years.period_code = targets.period_code
      and indicator_values.indicator_code = targets.indicator_code
      and half_years.programme_code = indicators.programme_code
    left join {{ tables.targets }} as year_targets
      on indicator_values.unit_key = year_targets.unit_key
      and half_years.year_period_code = year_targets.period_code
      and indicator_values.indicator_code = year_targets.indicator_code
      and half_years.programme_code = indicators.programme_code
    left join {{ tables.targets }} as first_half_targets
      on indicator_values.unit_key = first_half_targets.unit_key
      and half_years.first_half_code = first_half_targets.period_code
      and indicator_values.indicator_code = first_half_targets.indicator_code
      and half_years.programme_code = indicators.programme_code
    where {{ condition }}
  ),

  -- Flows add up over the window and its years; of a stock stands what is known of it, carried over where not reported.
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
        else coalesce(figures.value, figures.carried_value)
      end as cumulative,
      case
        when figures.indicator_kind = 'flow'
          then sum(figures.value) over (
            partition by figures.programme_code, figures.unit_key, figures.indicator_code, figures.year
            order by figures.period_code
            rows between unbounded preceding and current row
          )
        else figures.value
      end as year_to_date,
      case
        when figures.indicator_kind = 'flow'
          then figures.uncovered_half_years + sum({{ is_partial_half_year("figures") }}) over (
            partition by figures.programme_code, figures.unit_key, figures.indicator_code
            order by figures.period_code
            rows between unbounded preceding and current row
          )
        else {{ is_partial_half_year("figures") }}
      end as missing_half_years,
      max(case when figures.period_code = figures.first_period_code then figures.value end) over (
        partition by figures.programme_code, figures.unit_key, figures.indicator_code
      ) as baseline,
      -- a whole year has its own target, or else what its half-years come to; a second half that begins the window has
      -- what the year was asked for beyond its first half
      case
        when figures.is_part_year
          then coalesce(
            figures.target,
            case
              when figures.first_half_code is not null then figures.year_target - coalesce(figures.first_half_target, 0)
            end
          )
        when figures.is_end_of_year
          then coalesce(
            figures.year_target,
            figures.target + lag(figures.target) over (
              partition by figures.programme_code, figures.unit_key, figures.indicator_code, figures.year
              order by figures.period_code
            )
          )
      end as target_of_year
    from figures
  ),

  -- The targets of the years that ended and, of the one that did not, of its half-year so far; unknown if one of them is.
  with_targets as (
    select
      accumulated.*,
      case
        when accumulated.indicator_kind = 'stock' then accumulated.target
        when
          count(case when accumulated.is_end_of_year and accumulated.target_of_year is null then 1 end) over (
            partition by accumulated.programme_code, accumulated.unit_key, accumulated.indicator_code
            order by accumulated.period_code
            rows between unbounded preceding and current row
          ) = 0
          then
            coalesce(
              sum(accumulated.target_of_year) over (
                partition by accumulated.programme_code, accumulated.unit_key, accumulated.indicator_code
                order by accumulated.period_code
                rows between unbounded preceding and current row
              ),
              0
            ) + case when accumulated.is_end_of_year then 0 else accumulated.target end
      end as cumulative_target
    from accumulated
  ),

  compared as (
    select
      with_targets.*,
      units.unit_name,
      units.area_key,
      programmes.programme_label_vi,
      last_year.value as same_period_last_year,
      last_year.reporting_unit_count as last_year_reporting_unit_count,
      {{ is_ranked("with_targets", "with_targets.cumulative") }} as is_ranked,
      -- something of it was told anywhere in the area at any time, or asked of it
      with_targets.is_tied or count(case when with_targets.value <> 0 or with_targets.target is not null then 1 end) over (
        partition by units.area_key, with_targets.programme_code, with_targets.indicator_code
      ) > 0 as is_applicable,
      cast(with_targets.cumulative as double) / nullif(
        cast(
          max(case when with_targets.is_area_total then with_targets.cumulative end) over (
            partition by
              units.area_key, with_targets.programme_code, with_targets.period_code, with_targets.indicator_code
          ) as double
        ),
        0
      ) as share_of_area
    from with_targets
    inner join {{ tables.units }} as units
      on with_targets.unit_key = units.unit_key
    inner join programmes
      on with_targets.programme_code = programmes.programme_code
    left join {{ tables.figures }} as last_year
      on with_targets.unit_key = last_year.unit_key
      and with_targets.last_year_period_code = last_year.period_code
      and not {{ is_before_programme("last_year", "programmes.programme_start") }}
      and with_targets.indicator_code = last_year.indicator_code
      and with_targets.programme_code = last_year.programme_code
  ),

  final as (
    select
      programme_code,
      unit_key,
      period_code,
      indicator_code,
      is_area_total,
      unit_name,
      label_vi,
      uom,
      value,
      cast(cumulative as decimal(20, 3)) as cumulative,
      cast(baseline as decimal(20, 3)) as baseline,
      cast(target as decimal(20, 3)) as target,
      cast(value as double) / nullif(cast(target as double), 0) as attainment,
      {{ rank_among(
        "compared.area_key, compared.programme_code, compared.period_code, compared.indicator_code",
        "compared", "compared.cumulative"
      ) }} as rank,
      share_of_area,
      same_period_last_year,
      is_part_year,
      reporting_unit_count,
      expected_unit_count,
      waiting_rows,
      value_basis,
      is_partial,
      last_year_reporting_unit_count,
      cast(missing_half_years as integer) as missing_half_years,
      cast(carried_value as decimal(20, 3)) as carried_value,
      cast(year_to_date as decimal(20, 3)) as year_to_date,
      cast(year_target as decimal(20, 3)) as year_target,
      cast(year_to_date as double) / nullif(cast(year_target as double), 0) as year_attainment,
      cast(cumulative_target as decimal(20, 3)) as cumulative_target,
      cast(cumulative as double) / nullif(cast(cumulative_target as double), 0) as cumulative_attainment,
      is_applicable,
      programme_label_vi,
      period_label_vi,
      sort_order,
      cast(case when not is_area_total then coalesce(value, carried_value) end as decimal(20, 3)) as additive_value
    from compared
  )

  select * from final
{%- endmacro %}

{#- The same review for any programme and window, as a table macro beside the tables that it reads; the map of units is that
    of `figures` and `targets`. -#}
{% macro create_programme_review_over(name="programme_review_over", figures="indicator_values", targets="indicator_targets") -%}
  {{ return(adapter.dispatch("create_programme_review_over")(name, figures, targets)) }}
{%- endmacro %}

{#- Both of them by themselves (`dbt run-operation`), where the tables were built by another engine. -#}
{% macro create_reviews_over() -%}
  {%- do run_query(create_programme_review_over()) -%}
  {%- do run_query(create_programme_review_over("programme_review_over_as_is", "indicator_values_as_is", "indicator_targets_as_is")) -%}
{%- endmacro %}

{#- Only DuckDB keeps queries with parameters beside the tables. -#}
{% macro spark__create_programme_review_over(name, figures, targets) -%}
{%- endmacro %}

{% macro default__create_programme_review_over(name, figures, targets) -%}
  {%- set programmes = ref("dim_programme").include(database=false) -%}
  {%- set schema = ref(figures).schema -%}
  {%- set half_years -%}
    (from {{ ref("dim_period").include(database=false) }} where period_kind = 'half_year')
  {%- endset -%}
  {%- set how_to_write -%}
    '”. Đề nghị ghi năm rồi H1 (6 tháng đầu năm) hoặc H2 (6 tháng cuối năm), từ '
    || (select min(period_code) || ' đến ' || max(period_code) from {{ half_years }}) || '.'
  {%- endset -%}
  create or replace macro {{ schema }}.{{ name }}(programme, first_period, last_period) as table (
    with asked as (
      select
        cast(programme as string) as programme_code,
        cast(first_period as string) as window_start,
        cast(last_period as string) as window_end
    ),

    -- What is not known would find no row, and a window that begins before the first half-year less than was asked for.
    refusals as (
      select
        asked.*,
        case
          when not exists (from {{ programmes }} as known where known.programme_code = asked.programme_code)
            then 'Không có phong trào, đề án nào có mã “' || coalesce(asked.programme_code, '') || '”. Các mã đang có: '
              || (select string_agg(programme_code, ', ' order by programme_code) from {{ programmes }}) || '.'
          when not exists (from {{ half_years }} as known where known.period_code = asked.window_start)
            then 'Không có kỳ báo cáo đầu “' || coalesce(asked.window_start, '') || {{ how_to_write }}
          when not exists (from {{ half_years }} as known where known.period_code = asked.window_end)
            then 'Không có kỳ báo cáo cuối “' || coalesce(asked.window_end, '') || {{ how_to_write }}
          when asked.window_start > asked.window_end
            then 'Kỳ báo cáo đầu ' || asked.window_start || ' ở sau kỳ báo cáo cuối ' || asked.window_end
              || '. Đề nghị ghi kỳ sớm hơn trước.'
          when not exists (
            from {{ half_years }} as known
            where known.has_data and known.period_code between asked.window_start and asked.window_end
          )
            then 'Chưa có số liệu của kỳ nào từ ' || asked.window_start || ' đến ' || asked.window_end
              || '; số liệu đang có từ ' || (select min(period_code) || ' đến ' || max(period_code) from {{ half_years }} where has_data)
              || '. Đề nghị chọn kỳ khác.'
        end as refusal_vi
      from asked
    ),

    asked_window as (
      select
        case when refusal_vi is null then programme_code else error(refusal_vi) end as programme_code,
        window_start,
        window_end
      from refusals
    ),

    {{ review_programmes("asked_window", figures, targets) }}
  );
  comment on macro table {{ schema }}.{{ name }} is
  'One row per unit{{ ' of today or that ended without a successor' if name.endswith('_as_is') }} (and the district as a whole), half-year of the window and indicator of the programme: the columns of programme_review over any window of half-years, as in {{ name }}(''plastic_waste'', ''2018H2'', ''2023H1''). Cumulative, baseline and cumulative_target count from the first half-year asked for of which there are data: missing_half_years counts those before it. A programme or half-year that is not known, a window that ends before it begins, and one of which nothing is known yet are refused in a Vietnamese sentence; a window that goes on beyond the newest half-year with data ends there.'
{%- endmacro %}
