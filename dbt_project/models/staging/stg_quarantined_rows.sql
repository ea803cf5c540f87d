with wrong_cells as (
  select * from {{ ref("stg_wrong_cells") }}
),

unplaced_rows as (
  select unplaced_rows.*
  from {{ ref("stg_unplaced_rows") }} as unplaced_rows
  inner join {{ ref("stg_submissions") }} using (submission_id)
),

final as (
  select * exclude (is_row_counted)
  from wrong_cells
  where not is_row_counted
  union all by name
  select
    submission_id,
    sheet_number,
    row_number,
    reason_code,
    reason_vi
  from unplaced_rows
)

select * from final
