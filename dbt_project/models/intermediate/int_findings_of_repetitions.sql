{#- What is told of tables and rows that were not counted because they stand elsewhere: a table with its corrected copy,
    plans and comparisons, a row that another return tells already. -#}
with submissions as (
  select * from {{ ref("stg_submissions") }}
),

files_that_count as (
  select submission_id
  from {{ ref("int_submissions_ranked") }}
  where is_current and verdict = 'accepted'
  group by submission_id
),

sheets as (
  select * from {{ ref("stg_sheets") }}
),

sheet_tables as (
  select
    *,
    reason_code = 'corrected_below' as is_corrected
  from {{ ref("stg_sheet_tables") }}
),

structure_rows as (
  select * from {{ ref("stg_structure_rows") }}
),

control_totals as (
  select * from {{ ref("stg_control_totals") }}
  where kind = 'replaced'
),

number_cells as (
  select * from {{ ref("stg_number_cells") }}
),

repeated as (
  select * from {{ ref("int_rows_repeated") }}
),

periods as (
  select * from {{ ref("reporting_periods") }}
),

people_fields as (
  {%- for form_name, field_name in fields_of_people().items() %}
  select
    '{{ form_name }}' as form_name,
    '{{ field_name }}' as field_name
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

figures_aside as (
  select
    control_totals.submission_id,
    control_totals.sheet_number,
    control_totals.table_number,
    sum(case when people_fields.field_name is not null then control_totals.value end) as people,
    sum(case when control_totals.field_name in ('amount_vnd', 'cost_vnd') then control_totals.value_vnd end)
      as amount_vnd
  from control_totals
  left join people_fields
    on control_totals.form_name = people_fields.form_name
    and control_totals.field_name = people_fields.field_name
  group by control_totals.submission_id, control_totals.sheet_number, control_totals.table_number
),

rows_aside as (
  select
    submission_id,
    sheet_number,
    table_number,
    count(*) as row_count
  from structure_rows
  where kind = 'replaced'
  group by submission_id, sheet_number, table_number
),

figures_that_count as (
  select
    number_cells.submission_id,
    number_cells.form_name,
    sum(case when people_fields.field_name is not null then number_cells.value end) as people,
    sum(case when number_cells.field_name in ('amount_vnd', 'cost_vnd') then number_cells.value end) as amount_vnd
  from number_cells
  left join people_fields
    on number_cells.form_name = people_fields.form_name
    and number_cells.field_name = people_fields.field_name
  group by number_cells.submission_id, number_cells.form_name
),

tables_aside as (
  select
    case when sheet_tables.is_corrected then 'replaced_in_file' else 'table_aside' end as finding_kind,
    submissions.unit_key,
    submissions.period_code,
    sheet_tables.submission_id,
    sheet_tables.sheet_number,
    sheet_tables.header_first_row as row_number,
    sheet_tables.form_name,
    cast(figures_aside.amount_vnd as decimal(20, 3)) as figure_reported,
    sheet_tables.wrong_vi || case
      when not sheet_tables.is_corrected then ''
      else
        ' Bảng không tổng hợp có ' || {{ figure_in_vietnamese("rows_aside.row_count") }} || ' dòng'
        || coalesce(', ' || {{ figure_in_vietnamese("figures_aside.people") }} || ' người', '')
        || coalesce(', ' || {{ figure_in_vietnamese("figures_aside.amount_vnd") }} || ' đồng', '')
        || coalesce(
          '; phần được tổng hợp có ' || {{ figure_in_vietnamese("figures_that_count.people") }} || ' người', ''
        )
        || coalesce(', ' || {{ figure_in_vietnamese("figures_that_count.amount_vnd") }} || ' đồng', '')
        || '.'
    end as message_vi
  from sheet_tables
  inner join files_that_count
    on sheet_tables.submission_id = files_that_count.submission_id
  inner join submissions
    on sheet_tables.submission_id = submissions.submission_id
  left join rows_aside
    on sheet_tables.submission_id = rows_aside.submission_id
    and sheet_tables.sheet_number = rows_aside.sheet_number
    and sheet_tables.table_number = rows_aside.table_number
  left join figures_aside
    on sheet_tables.submission_id = figures_aside.submission_id
    and sheet_tables.sheet_number = figures_aside.sheet_number
    and sheet_tables.table_number = figures_aside.table_number
  left join figures_that_count
    on sheet_tables.submission_id = figures_that_count.submission_id
    and sheet_tables.form_name = figures_that_count.form_name
  where sheet_tables.verdict = 'aside'
),

repeated_rows as (
  select
    'row_repeated' as finding_kind,
    repeated.unit_key,
    repeated.return_period_code as period_code,
    repeated.submission_id,
    repeated.sheet_number,
    repeated.row_number,
    repeated.form_name,
    cast(null as decimal(20, 3)) as figure_reported,
    'Dòng này đã có trong báo cáo ' || periods.label_vi || ' (tệp “' || submissions.file_name || '”, trang tính “'
    || sheets.sheet_name || '”, dòng ' || cast(repeated.first_row_number as string)
    || ') và đã được tính ở đó, nên không tính lần thứ hai.' as message_vi
  from repeated
  inner join periods
    on repeated.first_period_code = periods.period_code
  inner join submissions
    on repeated.first_submission_id = submissions.submission_id
  left join sheets
    on repeated.first_submission_id = sheets.submission_id
    and repeated.first_sheet_number = sheets.sheet_number
),

final as (
  {{ findings(["tables_aside", "repeated_rows"], {"field_name": none, "figure_computed": none}) }}
)

select * from final
