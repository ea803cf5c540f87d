with quarantined as (
  select * from {{ ref("stg_quarantined_rows") }}
),

submissions as (
  select * from {{ ref("stg_submissions") }}
),

sheets as (
  select * from {{ ref("stg_sheets") }}
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

-- The address and the advice only: what was typed may be a name in the wrong column, so it stays in the working
-- database.
final as (
  select
    quarantined.submission_id,
    submissions.file_name,
    submissions.unit_key,
    submissions.period_code,
    quarantined.form_name,
    quarantined.sheet_number,
    sheets.sheet_name,
    quarantined.row_number,
    coalesce(quarantined.column_letter || cast(quarantined.row_number as string), quarantined.field_label_vi)
      as cell,
    quarantined.field_name,
    quarantined.field_label_vi,
    quarantined.reason_code,
    case
      when quarantined.advice_vi is null then quarantined.reason_vi
      else
        {{ wrong_cell_in_vietnamese("quarantined") }}
    end as reason_vi,
    quarantined.harmless_hint as hint,
    units.unit_name,
    periods.label_vi as period_label_vi,
    form_labels.label_vi as form_label_vi,
    reason_labels.label_vi as reason_label_vi
  from quarantined
  inner join submissions using (submission_id)
  left join sheets
    on quarantined.submission_id = sheets.submission_id
    and quarantined.sheet_number = sheets.sheet_number
  left join units
    on submissions.unit_key = units.unit_key
  left join periods
    on submissions.period_code = periods.period_code
  left join codes as form_labels
    on form_labels.domain = 'form'
    and quarantined.form_name = form_labels.code
  left join codes as reason_labels
    on reason_labels.domain = 'reason'
    and quarantined.reason_code = reason_labels.code
)

select * from final
