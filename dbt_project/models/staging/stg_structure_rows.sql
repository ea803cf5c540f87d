with known_submissions as (
  select submission_id from {{ ref("stg_submissions") }}
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
  inner join known_submissions using (submission_id)
)

select * from final
