{#- Every amount of every form, good rows and bad ones, with what was typed and what the sheet says that it is in. -#}
{%- set fields_of_money = fields_by_form("is_money") -%}
with sheet_tables as (
  select * from {{ ref("stg_sheet_tables") }}
),

{% for form_name in fields_of_money -%}
{{ form_name }} as (
  {{ known_rows(form_name) }}
),

{% endfor -%}
cells as (
  {%- for form_name, fields in fields_of_money.items() %}
  {%- set outer = loop %}
  {%- for field in fields %}
  select
    {{ form_name }}.submission_id,
    {{ form_name }}.sheet_number,
    {{ form_name }}.table_number,
    {{ form_name }}.row_number,
    '{{ form_name }}' as form_name,
    '{{ field.name }}' as field_name,
    trim(typed_rows."{{ field.name }}") as typed,
    cast({{ form_name }}."{{ field.name }}" as decimal(20, 3)) as amount_vnd
  from {{ form_name }}
  inner join {{ source("raw", form_name) }} as typed_rows
    on {{ form_name }}.submission_id = typed_rows.submission_id
    and {{ form_name }}.sheet_number = typed_rows.sheet_number
    and {{ form_name }}.row_number = typed_rows.row_number
  where {{ form_name }}."{{ field.name }}" is not null
  {%- if not (outer.last and loop.last) %}
  union all
  {%- endif %}
  {%- endfor %}
  {%- endfor %}
),

implausible_cells as (
  select
    submission_id,
    sheet_number,
    row_number,
    field_name
  from {{ ref("stg_wrong_cells") }}
  where reason_code = 'amount_implausible'
),

final as (
  select
    cells.submission_id,
    cells.sheet_number,
    cells.table_number,
    cells.row_number,
    cells.form_name,
    cells.field_name,
    coalesce(regexp_extract(sheet_tables.columns ->> ('$."' || cells.field_name || '"'), '^[A-Z]{1,3}$'), '')
      as column_letter,
    cells.typed,
    -- 12,000 is twelve; but a program set to English writes twelve thousand so
    regexp_full_match(cells.typed, '[1-9]\d{0,2},\d{3}') as has_doubtful_comma,
    -- 6 tỷ đồng: the unit of the sheet says nothing of it
    regexp_matches(cells.typed, '\p{L}') as names_its_unit,
    implausible_cells.row_number is not null as is_implausible,
    cells.amount_vnd,
    sheet_tables.money_scale,
    sheet_tables.header_first_row,
    sheet_tables.money_unit_unclear
  from cells
  left join sheet_tables
    on cells.submission_id = sheet_tables.submission_id
    and cells.sheet_number = sheet_tables.sheet_number
    and cells.table_number = sheet_tables.table_number
  left join implausible_cells
    on cells.submission_id = implausible_cells.submission_id
    and cells.sheet_number = implausible_cells.sheet_number
    and cells.row_number = implausible_cells.row_number
    and cells.field_name = implausible_cells.field_name
)

select * from final
