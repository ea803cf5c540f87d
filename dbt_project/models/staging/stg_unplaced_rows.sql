with submissions_received as (
  select submission_id from {{ ref("stg_submissions_received") }}
),

unplaced_rows as (
  select * from {{ source("raw", "unplaced_rows") }}
),

final as (
  select
    unplaced_rows.submission_id,
    unplaced_rows.sheet_number,
    unplaced_rows.row_number,
    unplaced_rows.reason_code,
    unplaced_rows.reason_vi,
    coalesce(unplaced_rows.wrong_vi, unplaced_rows.reason_vi) as wrong_vi,
    coalesce(unplaced_rows.advice_vi, '') as advice_vi
  from unplaced_rows
  inner join submissions_received using (submission_id)
)

select * from final
