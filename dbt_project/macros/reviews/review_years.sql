{#- The body of a review of years over a half-year review, whose map of units is that of the years. -#}
{% macro review_years(halfyear_review) -%}
with halfyear_review as (
  select * from {{ ref(halfyear_review) }}
  where {{ of_stale_units("unit_key") }}
),

indicators as (
  select * from {{ ref("dim_indicator") }}
),

units as (
  select * from {{ ref("dim_unit") }}
),

half_years as (
  select * from {{ ref("dim_period") }}
  where period_kind = 'half_year'
),

years as (
  select
    year as report_year,
    label_vi
  from {{ ref("dim_period") }}
  where period_kind = 'year'
),

-- The year so far stands in the last half-year that there is of a unit. One that was merged within the year has its
-- last one before its area has.
within_years as (
  select
    halfyear_review.*,
    half_years.year as report_year,
    half_years.has_ended,
    indicators.indicator_kind,
    units.unit_label,
    halfyear_review.period_code = max(halfyear_review.period_code) over (
      partition by halfyear_review.unit_key, halfyear_review.indicator_code, half_years.year
    ) as is_last_of_unit,
    halfyear_review.period_code = max(halfyear_review.period_code) over (
      partition by units.area_key, halfyear_review.indicator_code, half_years.year
    ) as is_last_of_area
  from halfyear_review
  inner join half_years using (period_code)
  inner join indicators using (indicator_code)
  inner join units
    on halfyear_review.unit_key = units.unit_key
),

-- A flow is that of all half-years of the year, a stock that of the last one alone.
marked as (
  select
    *,
    indicator_kind <> 'stock' or is_last_of_unit as is_counted,
    -- what a single unit had last year compares with what it has now where it reported both times
    same_period_last_year is not null and (is_area_total or like_for_like_unit_count = 1) as is_comparable
  from within_years
),

by_year as (
  select
    unit_key,
    report_year,
    indicator_code,
    indicator_kind,
    is_area_total,
    unit_name,
    unit_label,
    label_vi,
    uom,
    sort_order,
    max(case when is_last_of_unit then year_to_date end) as value,
    sum(case when is_counted then additive_value end) as additive_value,
    max(case when is_last_of_unit then carried_value end) as carried_value,
    max(case when is_last_of_unit and is_last_of_area then 1 else 0 end) = 1 as is_at_end_of_year,
    max(case when is_last_of_unit then missing_half_years end) as missing_half_years,
    max(case when is_last_of_unit then period_label_vi end) as last_label_vi,
    max(case when is_last_of_unit then year_target end) as year_target,
    count(*) as half_year_count,
    count(case when is_before_programme then 1 end) as half_years_before_programme,
    count(case when has_ended then 1 end) as ended_count,
    count(value) as half_years_with_data,
    count(last_year_reporting_unit_count) as known_last_year_count,
    sum(case when is_counted then reporting_unit_count end) as return_count,
    sum(case when is_counted then expected_unit_count end) as expected_return_count,
    sum(case when is_counted then last_year_reporting_unit_count end) as last_year_return_count,
    sum(case when is_counted then waiting_rows end) as waiting_rows,
    count(case when is_counted and value_basis in ('return', 'return_and_log') then 1 end) as half_years_by_return,
    count(case when is_counted and value_basis in ('log', 'return_and_log') then 1 end) as half_years_by_log,
    count(case when is_counted and not is_comparable then 1 end) = 0 as is_comparable,
    sum(case when is_counted then same_period_last_year end) as same_halves_last_year,
    sum(case when is_counted then like_for_like_change end) as like_for_like_change,
    sum(case when is_counted then like_for_like_last_year end) as like_for_like_last_year
  from marked
  group by
    unit_key, report_year, indicator_code, indicator_kind, is_area_total, unit_name, unit_label, label_vi, uom,
    sort_order
),

-- Half of a year, or of what was to be reported, is compared with no whole.
compared as (
  select
    *,
    half_year_count = 2 and ended_count = 2 and half_years_before_programme = 0 as is_full_year,
    case
      when is_comparable and half_year_count = 2 and ended_count = 2 and known_last_year_count = 2
        then same_halves_last_year
    end as last_year_value,
    cast(value as double) / nullif(cast(year_target as double), 0) as attainment
  from by_year
),

final as (
  select
    compared.unit_key,
    compared.report_year,
    compared.indicator_code,
    compared.is_area_total,
    compared.unit_name,
    compared.unit_label,
    case when compared.half_year_count = 2 then years.label_vi else compared.last_label_vi end
    || case when compared.ended_count < compared.half_year_count then ' (chưa kết thúc)' else '' end
      as year_label_vi,
    compared.label_vi as indicator_label_vi,
    compared.uom,
    compared.indicator_kind,
    cast(compared.value as decimal(20, 3)) as value,
    -- members of a unit that is no more at the end of the year are those of its successor
    cast(
      case when compared.indicator_kind = 'flow' or compared.is_at_end_of_year then compared.additive_value end
      as decimal(20, 3)
    ) as additive_value,
    cast(compared.carried_value as decimal(20, 3)) as carried_value,
    compared.is_full_year,
    cast(compared.half_years_with_data as integer) as half_years_with_data,
    cast(compared.missing_half_years as integer) as missing_half_years,
    cast(compared.return_count as integer) as return_count,
    cast(compared.expected_return_count as integer) as expected_return_count,
    compared.value is not null and compared.missing_half_years > 0 as is_partial,
    case
      when compared.half_years_by_log > 0 and compared.half_years_by_return > 0 then 'return_and_log'
      when compared.half_years_by_log > 0 then 'log'
      when compared.half_years_by_return > 0 then 'return'
    end as value_basis,
    cast(compared.waiting_rows as integer) as waiting_rows,
    cast(compared.last_year_value as decimal(20, 3)) as last_year_value,
    cast(compared.value - compared.last_year_value as decimal(20, 3)) as change,
    cast(case when compared.is_comparable then compared.same_halves_last_year end as decimal(20, 3))
      as same_halves_last_year,
    cast(compared.last_year_return_count as integer) as last_year_return_count,
    cast(
      case when compared.is_comparable or compared.is_area_total then compared.like_for_like_change end
      as decimal(20, 3)
    ) as like_for_like_change,
    cast(compared.year_target as decimal(20, 3)) as year_target,
    case when compared.is_full_year then compared.attainment end as year_attainment,
    case when not compared.is_full_year then compared.attainment end as attainment_so_far,
    compared.sort_order,
    cast(
      case when compared.is_comparable or compared.is_area_total then compared.like_for_like_last_year end
      as decimal(20, 3)
    ) as like_for_like_last_year
  from compared
  inner join years using (report_year)
)

select * from final
{%- endmacro %}
