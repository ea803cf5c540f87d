{{ config(**by_unit(dict(inputs_of_measured_rows(), int_unit_half_years_expected=none))) }}

with indicators as (
  select * from {{ ref("indicators") }}
),

components as (
  select * from {{ ref("indicator_components") }}
),

measured_rows as (
  select * from {{ ref("int_measured_rows") }}
  where {{ of_stale_units("unit_key") }}
),

unit_half_years as (
  select * from {{ ref("int_unit_half_years_expected") }}
),

submissions as (
  select * from {{ ref("stg_submissions") }}
),

sheets as (
  select * from {{ ref("stg_sheets") }}
),

final as (
  select
    measured_rows.unit_key,
    unit_half_years.area_key,
    measured_rows.period_code,
    indicators.indicator_code,
    measured_rows.programme_code,
    measured_rows.source_kind,
    measured_rows.source_form_name as form_name,
    measured_rows.source_period_code,
    measured_rows.submission_id,
    submissions.file_name,
    measured_rows.sheet_number,
    sheets.sheet_name,
    measured_rows.row_number,
    cast(components.sign * measured_rows.value as decimal(20, 3)) as contribution
  from components
  inner join indicators using (indicator_code)
  inner join measured_rows
    on {{ is_component("measured_rows") }}
    and measured_rows.value is not null
  inner join unit_half_years
    on measured_rows.unit_key = unit_half_years.unit_key
    and measured_rows.period_code = unit_half_years.period_code
  left join submissions
    on measured_rows.submission_id = submissions.submission_id
  left join sheets
    on measured_rows.submission_id = sheets.submission_id
    and measured_rows.sheet_number = sheets.sheet_number
)

select * from final
