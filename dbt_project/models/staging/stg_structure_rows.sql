with submissions_received as (
  select submission_id from {{ ref("stg_submissions_received") }}
),

structure_rows as (
  select * from {{ source("raw", "structure_rows") }}
),

final as (
  select
    structure_rows.submission_id,
    structure_rows.sheet_number,
    structure_rows.table_number,
    structure_rows.first_row,
    structure_rows.last_row,
    structure_rows.kind
  from structure_rows
  inner join submissions_received using (submission_id)
)

select * from final
