{{ config(materialized="table") }}

with sheet_tables as (
  select * from {{ ref("stg_sheet_tables") }}
),

{% for form_name in form_names() -%}
{{ form_name }} as (
  {{ known_rows(form_name) }}
  where len(validated_rows.errors) > 0
),

{% endfor -%}
validated as (
  {% for form_name in form_names() -%}
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    '{{ form_name }}' as form_name,
    is_valid as is_row_counted,
    unnest(errors) as error
  from {{ form_name }}
  {% if not loop.last %}union all
  {% endif %}
  {%- endfor %}
),

reasons as (
  select * from {{ ref("quarantine_reasons") }}
),

reasons_by_type as (
  select * from {{ ref("quarantine_reasons_by_type") }}
),

fields as (
  {% for form_name in form_names() -%}
  {%- set outer = loop -%}
  {%- for field in form_contract(form_name).fields -%}
  select
    '{{ form_name }}' as form_name,
    '{{ field.name }}' as field_name,
    '{{ field.label_vi }}' as field_label_vi,
    '{{ "money" if field.is_money else field.type }}' as field_type,
    {{ field.personal != "none" }} as is_personal
  {% if not (outer.last and loop.last) %}union all
  {% endif %}
  {%- endfor -%}
  {%- endfor %}
),

final as (
  select
    validated.submission_id,
    validated.sheet_number,
    validated.table_number,
    validated.row_number,
    validated.form_name,
    validated.error.field_name,
    fields.field_label_vi,
    validated.error.reason_code,
    coalesce(reasons_by_type.label_vi, reasons.label_vi) as reason_vi,
    coalesce(reasons_by_type.advice_vi, reasons.advice_vi) as advice_vi,
    case when not fields.is_personal then validated.error.value end as value_text,
    validated.error.hint,
    -- the nearest value of a sensitive field tells the ethnic group or the religion of a person
    case when not fields.is_personal then validated.error.hint end as harmless_hint,
    nullif(
      regexp_extract(sheet_tables.columns ->> ('$."' || validated.error.field_name || '"'), '^[A-Z]{1,3}$'),
      ''
    ) as column_letter,
    validated.is_row_counted
  from validated
  left join sheet_tables
    on validated.submission_id = sheet_tables.submission_id
    and validated.sheet_number = sheet_tables.sheet_number
    and validated.table_number = sheet_tables.table_number
  left join fields
    on validated.form_name = fields.form_name
    and validated.error.field_name = fields.field_name
  left join reasons
    on validated.error.reason_code = reasons.reason_code
  left join reasons_by_type
    on validated.error.reason_code = reasons_by_type.reason_code
    and fields.field_type = reasons_by_type.field_type
)

select * from final
