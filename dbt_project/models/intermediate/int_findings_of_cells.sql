with wrong_cells as (
  select * from {{ ref("stg_wrong_cells") }}
),

submissions as (
  select * from {{ ref("stg_submissions") }}
),

reasons as (
  select * from {{ ref("quarantine_reasons") }}
),

final as (
  select
    'cell_left_empty' as finding_kind,
    submissions.unit_key,
    submissions.period_code,
    wrong_cells.submission_id,
    wrong_cells.sheet_number,
    wrong_cells.row_number,
    wrong_cells.form_name,
    wrong_cells.field_name,
    cast(null as decimal(20, 3)) as figure_reported,
    cast(null as decimal(20, 3)) as figure_computed,
    {{ wrong_cell_in_vietnamese("wrong_cells", "reasons") }}
    || ' Riêng ô này không được tổng hợp; các ô khác của dòng vẫn được tổng hợp.' as message_vi
  from wrong_cells
  inner join submissions
    on wrong_cells.submission_id = submissions.submission_id
  inner join reasons
    on wrong_cells.reason_code = reasons.reason_code
  where wrong_cells.is_row_counted
)

select * from final
