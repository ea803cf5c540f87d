with submissions_received as (
  select submission_id from {{ ref("stg_submissions_received") }}
),

sheets as (
  select * from {{ source("raw", "sheets") }}
),

final as (
  select
    sheets.submission_id,
    sheets.sheet_number,
    sheets.sheet_name,
    sheets.rows_seen,
    sheets.verdict,
    sheets.reason_code,
    sheets.reason_vi,
    coalesce(sheets.wrong_vi, sheets.reason_vi) as wrong_vi,
    coalesce(sheets.advice_vi, '') as advice_vi
  from sheets
  inner join submissions_received using (submission_id)
)

select * from final
