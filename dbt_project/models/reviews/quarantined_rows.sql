with quarantined as (
  select * from {{ ref("stg_quarantined_rows") }}
),

submissions as (
  select * from {{ ref("stg_submissions") }}
),

sheets as (
  select * from {{ ref("stg_sheets") }}
),

reasons as (
  select * from {{ ref("quarantine_reasons") }}
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
      when reasons.reason_code is null then quarantined.reason_vi
      else
        {{ wrong_cell_in_vietnamese("quarantined", "reasons") }}
    end as reason_vi,
    quarantined.harmless_hint as hint
  from quarantined
  inner join submissions using (submission_id)
  left join sheets
    on quarantined.submission_id = sheets.submission_id
    and quarantined.sheet_number = sheets.sheet_number
  left join reasons
    on quarantined.reason_code = reasons.reason_code
)

select * from final
