with known_submissions as (
  select submission_id from {{ ref("stg_submissions") }}
),

reading_findings as (
  select * from {{ source("raw", "reading_findings") }}
),

final as (
  select
    reading_findings.submission_id,
    reading_findings.sheet_number,
    reading_findings.row_number,
    reading_findings.form_name,
    reading_findings.field_name,
    reading_findings.finding_kind,
    reading_findings.message_vi
  from reading_findings
  inner join known_submissions using (submission_id)
)

select * from final
