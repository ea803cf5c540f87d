with indicator_values as (
  select * from {{ ref("int_indicator_values") }}
  where programme_code = 'all' and not is_area_total and value is not null
),

half_years as (
  select * from {{ ref("int_half_years_covered") }}
),

indicators as (
  select * from {{ ref("indicators") }}
),

rules as (
  select * from {{ ref("finding_rules") }}
),

figures as (
  select
    indicator_values.unit_key,
    indicator_values.period_code,
    indicator_values.indicator_code,
    indicator_values.value,
    half_years.sequence_number
  from indicator_values
  inner join half_years
    on indicator_values.period_code = half_years.period_code
),

-- A figure beside what the same unit reported in the four years before it.
with_history as (
  select
    figures.unit_key,
    figures.period_code,
    figures.indicator_code,
    figures.value,
    earlier.value as earlier_value
  from figures
  inner join figures as earlier
    on figures.unit_key = earlier.unit_key
    and figures.indicator_code = earlier.indicator_code
    and earlier.sequence_number between figures.sequence_number - 8 and figures.sequence_number - 1
),

medians as (
  select
    unit_key,
    period_code,
    indicator_code,
    value,
    median(earlier_value) as middle,
    min(earlier_value) as least,
    max(earlier_value) as most,
    count(*) as half_year_count
  from with_history
  group by unit_key, period_code, indicator_code, value
),

spreads as (
  select
    medians.unit_key,
    medians.period_code,
    medians.indicator_code,
    median(abs(with_history.earlier_value - medians.middle)) as spread
  from medians
  inner join with_history
    on medians.unit_key = with_history.unit_key
    and medians.period_code = with_history.period_code
    and medians.indicator_code = with_history.indicator_code
  group by medians.unit_key, medians.period_code, medians.indicator_code
),

-- How far is far: so many median deviations (made comparable with a standard deviation by 1.4826), of which a tenth of
-- the median is the least, or a unit that always reports the same could never report anything else. A figure between
-- two that the unit has reported before is in its history, however it is spread.
far as (
  select
    'far_from_history' as finding_kind,
    medians.unit_key,
    medians.period_code,
    medians.indicator_code,
    medians.value as figure_reported,
    medians.middle as figure_computed,
    medians.least,
    medians.most
  from medians
  inner join spreads
    on medians.unit_key = spreads.unit_key
    and medians.period_code = spreads.period_code
    and medians.indicator_code = spreads.indicator_code
  inner join rules
    on rules.finding_kind = 'far_from_history'
  where
    medians.half_year_count >= rules.least_half_years
    and greatest(medians.value, medians.middle) >= rules.least_figure
    and (medians.value > medians.most or medians.value < medians.least)
    and abs(medians.value - medians.middle)
    > rules.threshold * greatest(1.4826 * spreads.spread, abs(medians.middle) / 10)
),

-- From none to some is no jump: a class or a club comes once in a while.
jumps as (
  select
    'jump' as finding_kind,
    figures.unit_key,
    figures.period_code,
    figures.indicator_code,
    figures.value as figure_reported,
    last_figures.value as figure_computed
  from figures
  inner join figures as last_figures
    on figures.unit_key = last_figures.unit_key
    and figures.indicator_code = last_figures.indicator_code
    and figures.sequence_number = last_figures.sequence_number + 1
  inner join rules
    on rules.finding_kind = 'jump'
  left join far
    on figures.unit_key = far.unit_key
    and figures.period_code = far.period_code
    and figures.indicator_code = far.indicator_code
  where
    far.unit_key is null
    and least(figures.value, last_figures.value) > 0
    and greatest(figures.value, last_figures.value) >= rules.least_figure
    and greatest(figures.value, last_figures.value) > rules.threshold * least(figures.value, last_figures.value)
),

found as (
  select
    finding_kind,
    unit_key,
    period_code,
    indicator_code,
    figure_reported,
    figure_computed,
    'các kỳ trước thường khoảng ' || {{ figure_in_vietnamese("figure_computed") }} || ' (từ '
    || {{ figure_in_vietnamese("least") }} || ' đến ' || {{ figure_in_vietnamese("most") }} || ')' as compared_vi
  from far
  union all
  select
    finding_kind,
    unit_key,
    period_code,
    indicator_code,
    figure_reported,
    figure_computed,
    'kỳ liền trước là ' || {{ figure_in_vietnamese("figure_computed") }} as compared_vi
  from jumps
),

final as (
  select
    found.finding_kind,
    found.unit_key,
    found.period_code,
    cast(null as string) as submission_id,
    cast(null as integer) as sheet_number,
    cast(null as bigint) as row_number,
    indicators.form_name,
    cast(null as string) as field_name,
    cast(found.figure_reported as decimal(20, 3)) as figure_reported,
    cast(found.figure_computed as decimal(20, 3)) as figure_computed,
    indicators.label_vi || ': ' || {{ figure_in_vietnamese("found.figure_reported") }} || ' ' || indicators.uom || ', '
    || found.compared_vi || '.' as message_vi
  from found
  inner join indicators
    on found.indicator_code = indicators.indicator_code
)

select * from final
