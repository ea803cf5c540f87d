{{ config(**by_unit(
  {"int_measurements": "by_unit", "int_unit_half_years_expected": none, "int_forms_reported": none,
   "int_waiting_rows": none, "int_balance_half_years": none},
  co_partitioned=("units", "area_key"),
)) }}

with unit_half_years as (
  select * from {{ ref("int_unit_half_years_expected") }}
  where {{ of_stale_units("unit_key") }}
),

indicators as (
  select * from {{ ref("indicators") }}
),

components as (
  select * from {{ ref("indicator_components") }}
),

programmes as (
  select * from {{ ref("programmes") }}
),

measurements as (
  select * from {{ ref("int_measurements") }}
  where {{ of_stale_units("unit_key") }}
),

forms_reported as (
  select * from {{ ref("int_forms_reported") }}
),

waiting_rows as (
  select * from {{ ref("int_waiting_rows") }}
  where {{ of_stale_units("unit_key") }}
),

balance_half_years as (
  select * from {{ ref("int_balance_half_years") }}
  where {{ of_stale_units("unit_key") }}
),

-- A balance goes on from the half-years before it: of those that nobody reported it lacks the changes.
unreported_before as (
  select
    indicators.indicator_code,
    balance_half_years.unit_key,
    balance_half_years.period_code,
    count(*) as half_year_count
  from balance_half_years
  inner join components
    on components.measure = 'closing_members'
  inner join indicators using (indicator_code)
  where
    not balance_half_years.is_reported
    and not (
      balance_half_years.unit_key = balance_half_years.from_unit_key
      and balance_half_years.period_code = balance_half_years.from_period_code
    )
  group by indicators.indicator_code, balance_half_years.unit_key, balance_half_years.period_code
),

measured as (
  select
    indicators.indicator_code,
    measurements.unit_key,
    measurements.period_code,
    measurements.programme_code,
    measurements.basis = 'carried' as is_carried,
    measurements.source_form_name = 'activity_log' as is_logged,
    sum(components.sign * measurements.value) as value
  from components
  inner join indicators using (indicator_code)
  inner join measurements
    on {{ is_component("measurements") }}
  group by
    indicators.indicator_code, measurements.unit_key, measurements.period_code, measurements.programme_code,
    measurements.basis, measurements.source_form_name
),

-- Every indicator over all programmes together, and those that have a programme by programme too.
asked as (
  select
    indicator_code,
    form_name,
    'all' as programme_code
  from indicators
  union all
  select
    indicators.indicator_code,
    indicators.form_name,
    programmes.programme_code
  from indicators
  cross join programmes
  where
    indicators.is_by_programme
    and coalesce(indicators.programme_code, programmes.programme_code) = programmes.programme_code
),

measured_by_programme as (
  select
    indicator_code,
    unit_key,
    period_code,
    'all' as programme_code,
    is_carried,
    is_logged,
    value
  from measured
  union all
  select
    indicator_code,
    unit_key,
    period_code,
    programme_code,
    is_carried,
    is_logged,
    value
  from measured
  where programme_code is not null
),

measured_as_asked as (
  select
    indicator_code,
    unit_key,
    period_code,
    programme_code,
    sum(case when not is_carried then value end) as value,
    sum(case when is_carried then value end) as carried_value,
    count(case when not is_carried then 1 end) > 0 as is_measured,
    count(case when is_logged then 1 end) > 0 as is_reported_by_log,
    count(case when not is_carried and not is_logged then 1 end) > 0 as is_reported_by_return
  from measured_by_programme
  group by indicator_code, unit_key, period_code, programme_code
),

-- A row that waits for one indicator by several of its components waits for it once.
waiting as (
  select distinct
    indicators.indicator_code,
    waiting_rows.unit_key,
    waiting_rows.period_code,
    waiting_rows.programme_code,
    waiting_rows.row_key
  from components
  inner join indicators using (indicator_code)
  inner join waiting_rows
    on {{ may_be_component("waiting_rows") }}
),

waiting_as_asked as (
  select
    asked.indicator_code,
    asked.programme_code,
    waiting.unit_key,
    waiting.period_code,
    count(*) as row_count
  from asked
  inner join waiting
    on asked.indicator_code = waiting.indicator_code
    and (asked.programme_code = 'all' or waiting.programme_code in (asked.programme_code, {{ unread() }}))
  group by asked.indicator_code, asked.programme_code, waiting.unit_key, waiting.period_code
),

unit_values as (
  select
    unit_half_years.unit_key,
    unit_half_years.area_key,
    unit_half_years.is_expected,
    unit_half_years.period_code,
    asked.indicator_code,
    asked.programme_code,
    -- Rows without the figure (no opening balance, an empty cell) leave it unknown, and so do rows that all wait; a
    -- return without rows tells of none, a log that does not tell of something leaves it unknown.
    case
      when measured_as_asked.is_measured then measured_as_asked.value
      when waiting_as_asked.row_count > 0 then null
      when forms_reported.is_returned then 0
    end as value,
    measured_as_asked.carried_value,
    coalesce(forms_reported.is_returned, false) as is_returned,
    coalesce(measured_as_asked.is_reported_by_log, false) as is_reported_by_log,
    coalesce(measured_as_asked.is_reported_by_return, false) or coalesce(forms_reported.is_returned, false)
      as is_reported_by_return,
    coalesce(waiting_as_asked.row_count, 0) as waiting_rows,
    coalesce(unreported_before.half_year_count, 0) as unreported_half_years_before
  from unit_half_years
  cross join asked
  left join measured_as_asked
    on unit_half_years.unit_key = measured_as_asked.unit_key
    and unit_half_years.period_code = measured_as_asked.period_code
    and asked.indicator_code = measured_as_asked.indicator_code
    and asked.programme_code = measured_as_asked.programme_code
  left join forms_reported
    on unit_half_years.unit_key = forms_reported.unit_key
    and unit_half_years.period_code = forms_reported.period_code
    and asked.form_name = forms_reported.form_name
  left join waiting_as_asked
    on unit_half_years.unit_key = waiting_as_asked.unit_key
    and unit_half_years.period_code = waiting_as_asked.period_code
    and asked.indicator_code = waiting_as_asked.indicator_code
    and asked.programme_code = waiting_as_asked.programme_code
  left join unreported_before
    on unit_half_years.unit_key = unreported_before.unit_key
    and unit_half_years.period_code = unreported_before.period_code
    and asked.indicator_code = unreported_before.indicator_code
),

-- Only its return makes a unit one that reports: a log tells a part, and so does a row of another half-year's return.
reporting as (
  select
    unit_key,
    area_key,
    period_code,
    indicator_code,
    programme_code,
    value,
    carried_value,
    case when value is not null and is_returned then 1 else 0 end as reporting_unit_count,
    case when is_expected or value is not null then 1 else 0 end as expected_unit_count,
    waiting_rows,
    unreported_half_years_before,
    case when value is not null and is_reported_by_log then 1 else 0 end as log_count,
    case when value is not null and is_reported_by_return then 1 else 0 end as return_count
  from unit_values
),

-- The district is the sum of what is known, and of the stocks last known where a unit did not report; how many units
-- reported and how much is carried stand beside it. Where nobody reported there is no figure.
units_and_areas as (
  select
    unit_key,
    period_code,
    indicator_code,
    programme_code,
    false as is_area_total,
    value,
    carried_value,
    reporting_unit_count,
    1 as expected_unit_count,
    waiting_rows,
    unreported_half_years_before,
    log_count,
    return_count
  from reporting
  union all
  select
    area_key as unit_key,
    period_code,
    indicator_code,
    programme_code,
    true as is_area_total,
    case when count(value) > 0 then sum(coalesce(value, carried_value)) end as value,
    sum(carried_value) as carried_value,
    sum(reporting_unit_count) as reporting_unit_count,
    sum(expected_unit_count) as expected_unit_count,
    sum(waiting_rows) as waiting_rows,
    sum(unreported_half_years_before) as unreported_half_years_before,
    sum(log_count) as log_count,
    sum(return_count) as return_count
  from reporting
  group by area_key, period_code, indicator_code, programme_code
),

final as (
  select
    unit_key,
    period_code,
    indicator_code,
    programme_code,
    is_area_total,
    cast(value as decimal(20, 3)) as value,
    cast(carried_value as decimal(20, 3)) as carried_value,
    cast(reporting_unit_count as integer) as reporting_unit_count,
    cast(expected_unit_count as integer) as expected_unit_count,
    cast(waiting_rows as integer) as waiting_rows,
    cast(unreported_half_years_before as integer) as unreported_half_years_before,
    case
      when log_count > 0 and return_count > 0 then 'return_and_log'
      when log_count > 0 then 'log'
      when return_count > 0 then 'return'
    end as value_basis,
    value is not null and reporting_unit_count < expected_unit_count as is_partial
  from units_and_areas
)

select * from final
