with wrong_cells as (
  select * from {{ ref("stg_wrong_cells") }}
),

submissions as (
  select * from {{ ref("stg_submissions") }}
),

sheet_tables as (
  select * from {{ ref("stg_sheet_tables") }}
),

structure_rows as (
  select * from {{ ref("stg_structure_rows") }}
),

years_shown_as_days as (
  select * from {{ ref("stg_years_shown_as_days") }}
),

numbers_in_remarks as (
  select * from {{ ref("stg_numbers_in_remarks") }}
),

left_empty as (
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
    {{ wrong_cell_in_vietnamese("wrong_cells") }}
    || ' Riêng ô này không được tổng hợp; các ô khác của dòng vẫn được tổng hợp.' as message_vi
  from wrong_cells
  inner join submissions
    on wrong_cells.submission_id = submissions.submission_id
  where wrong_cells.is_row_counted
),

example_rows as (
  select
    'example_left_out' as finding_kind,
    submissions.unit_key,
    submissions.period_code,
    structure_rows.submission_id,
    structure_rows.sheet_number,
    structure_rows.first_row as row_number,
    sheet_tables.form_name,
    cast(null as string) as field_name,
    cast(null as decimal(20, 3)) as figure_reported,
    cast(null as decimal(20, 3)) as figure_computed,
    'Dòng ghi là ví dụ (VD, mẫu) không được tổng hợp.' as message_vi
  from structure_rows
  inner join submissions
    on structure_rows.submission_id = submissions.submission_id
  left join sheet_tables
    on structure_rows.submission_id = sheet_tables.submission_id
    and structure_rows.sheet_number = sheet_tables.sheet_number
    and structure_rows.table_number = sheet_tables.table_number
  where structure_rows.kind = 'example'
),

-- A whole column is formatted alike; the year itself is nobody's to read here.
columns_of_years as (
  select
    submission_id,
    sheet_number,
    form_name,
    field_name,
    min(row_number) as row_number,
    'Cột “' || field_label_vi || '”, '
    || case
      when count(*) = 1 then 'dòng ' || cast(min(row_number) as string) || ': ô'
      else
        cast(count(*) as string) || ' ô từ dòng ' || cast(min(row_number) as string) || ' đến dòng '
        || cast(max(row_number) as string) || ':'
    end
    || ' ghi một năm nhưng định dạng là ngày nên hiện một ngày của năm 1905; đã được đọc là năm ghi trong ô.'
      as message_vi
  from years_shown_as_days
  group by submission_id, sheet_number, table_number, form_name, field_name, field_label_vi
),

years_as_days as (
  select
    'year_shown_as_day' as finding_kind,
    submissions.unit_key,
    submissions.period_code,
    columns_of_years.submission_id,
    columns_of_years.sheet_number,
    columns_of_years.row_number,
    columns_of_years.form_name,
    columns_of_years.field_name,
    cast(null as decimal(20, 3)) as figure_reported,
    cast(null as decimal(20, 3)) as figure_computed,
    columns_of_years.message_vi
  from columns_of_years
  inner join submissions
    on columns_of_years.submission_id = submissions.submission_id
),

halves_of_numbers as (
  select
    'number_in_remark' as finding_kind,
    submissions.unit_key,
    submissions.period_code,
    numbers_in_remarks.submission_id,
    numbers_in_remarks.sheet_number,
    numbers_in_remarks.row_number,
    numbers_in_remarks.form_name,
    numbers_in_remarks.field_name,
    cast(null as decimal(20, 3)) as figure_reported,
    cast(null as decimal(20, 3)) as figure_computed,
    'Cột “' || numbers_in_remarks.field_label_vi || '”, dòng ' || cast(numbers_in_remarks.row_number as string)
    || ' chỉ ghi số ' || numbers_in_remarks.remark
    || '. Có thể đây là phần lẻ của số ở cột đứng trước (3,5 bị tách thành 3 và 5); các số của dòng được tổng hợp như'
    || ' đang đọc.' as message_vi
  from numbers_in_remarks
  inner join submissions
    on numbers_in_remarks.submission_id = submissions.submission_id
),

final as (
  select * from left_empty
  union all
  select * from example_rows
  union all
  select * from years_as_days
  union all
  select * from halves_of_numbers
)

select * from final
