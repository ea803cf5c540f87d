with sheets as (
  select * from {{ ref("stg_sheets") }}
),

-- Conservation is about reading: the rows of what was withdrawn were read all the same, and are marked.
submissions as (
  select * from {{ ref("stg_submissions_received") }}
),

units as (
  select * from {{ ref("dim_unit") }}
),

periods as (
  select * from {{ ref("dim_period") }}
),

codes as (
  select * from {{ ref("dim_code") }}
),

body_rows as (
  {% for form_name in form_names() -%}
  select
    submission_id,
    sheet_number,
    case when is_valid then 1 else 0 end as loaded_count,
    case when is_valid then 0 else 1 end as quarantined_count,
    0 as structure_count
  from {{ ref("stg_" ~ form_name ~ "__validated") }}
  union all
  {% endfor -%}
  select
    submission_id,
    sheet_number,
    0 as loaded_count,
    1 as quarantined_count,
    0 as structure_count
  from {{ ref("stg_unplaced_rows") }}
  union all
  select
    submission_id,
    sheet_number,
    0 as loaded_count,
    0 as quarantined_count,
    last_row - first_row + 1 as structure_count
  from {{ ref("stg_structure_rows") }}
),

accounted as (
  select
    submission_id,
    sheet_number,
    sum(loaded_count) as rows_loaded,
    sum(quarantined_count) as rows_quarantined,
    sum(structure_count) as rows_structure
  from body_rows
  group by submission_id, sheet_number
),

final as (
  select
    sheets.submission_id,
    submissions.file_name,
    submissions.unit_key,
    submissions.period_code,
    sheets.sheet_number,
    sheets.sheet_name,
    sheets.verdict,
    sheets.rows_seen,
    cast(coalesce(accounted.rows_loaded, 0) as bigint) as rows_loaded,
    cast(coalesce(accounted.rows_quarantined, 0) as bigint) as rows_quarantined,
    cast(coalesce(accounted.rows_structure, 0) as bigint) as rows_structure,
    cast(
      sheets.rows_seen
      - coalesce(accounted.rows_loaded, 0)
      - coalesce(accounted.rows_quarantined, 0)
      - coalesce(accounted.rows_structure, 0)
      as bigint
    ) as remainder,
    submissions.is_withdrawn,
    units.unit_name,
    periods.label_vi as period_label_vi,
    verdicts.label_vi as verdict_label_vi
  from sheets
  inner join submissions using (submission_id)
  left join accounted
    on sheets.submission_id = accounted.submission_id
    and sheets.sheet_number = accounted.sheet_number
  left join units
    on submissions.unit_key = units.unit_key
  left join periods
    on submissions.period_code = periods.period_code
  left join codes as verdicts
    on verdicts.domain = 'verdict'
    and sheets.verdict = verdicts.code
)

select * from final
