with submissions_received as (
  select submission_id from {{ ref("stg_submissions_received") }}
),

sheet_tables as (
  select * from {{ source("raw", "sheet_tables") }}
),

final as (
  select
    sheet_tables.submission_id,
    sheet_tables.sheet_number,
    sheet_tables.table_number,
    sheet_tables.form_name,
    sheet_tables.header_first_row,
    sheet_tables.header_last_row,
    sheet_tables.last_row,
    sheet_tables.money_scale,
    sheet_tables.money_scale_decided_by,
    sheet_tables.money_unit_unclear,
    sheet_tables.verdict,
    sheet_tables.reason_code,
    sheet_tables.reason_vi,
    coalesce(sheet_tables.wrong_vi, sheet_tables.reason_vi) as wrong_vi,
    coalesce(sheet_tables.advice_vi, '') as advice_vi,
    sheet_tables.columns,
    sheet_tables.extra_columns,
    sheet_tables.sending,
    sheet_tables.branch,
    sheet_tables.says_nothing,
    sheet_tables.body_rows
  from sheet_tables
  inner join submissions_received using (submission_id)
)

select * from final
