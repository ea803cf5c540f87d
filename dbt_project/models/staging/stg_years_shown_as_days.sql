{#- A year typed into a cell formatted as a date: such a cell shows a day of 1905 (1985 shows 07/06/1905) and is read as
    the year that was typed. -#}
{%- set fields_of_years = fields_by_form("type", "eq", "year_or_date") -%}
with {% for form_name in fields_of_years -%}
{{ form_name }} as (
  {{ counted_rows(form_name) }}
),

{% endfor -%}
final as (
  {%- for form_name, fields in fields_of_years.items() %}
  {%- set outer = loop %}
  {%- for field in fields %}
  select
    {{ form_name }}.submission_id,
    {{ form_name }}.sheet_number,
    {{ form_name }}.table_number,
    {{ form_name }}.row_number,
    '{{ form_name }}' as form_name,
    '{{ field.name }}' as field_name,
    '{{ field.label_vi }}' as field_label_vi
  from {{ form_name }}
  inner join {{ source("raw", form_name) }} as typed_rows
    on {{ form_name }}.submission_id = typed_rows.submission_id
    and {{ form_name }}.sheet_number = typed_rows.sheet_number
    and {{ form_name }}.row_number = typed_rows.row_number
  where
    {{ form_name }}.{{ field.name }}_on is null
    and {{ form_name }}.{{ field.name }}_year <> 1905
    and typed_rows."{{ field.name }}" like '%1905%'
  {%- if not (outer.last and loop.last) %}
  union all
  {%- endif %}
  {%- endfor %}
  {%- endfor %}
)

select * from final
