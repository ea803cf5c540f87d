{#- A remark of a text file that is nothing but a short number: where 3,5 was written without quotation marks and blank
    fields at the end were cut off, its second half stands here and the figure before it is too small. -#}
{%- set fields_of_remarks = fields_by_form("name", "in", ["source", "reporter", "note"]) -%}
with text_files as (
  select submission_id
  from {{ ref("stg_submissions") }}
  where file_format = 'csv'
),

{% for form_name in fields_of_remarks -%}
{{ form_name }} as (
  {{ counted_rows(form_name) }}
),

{% endfor -%}
final as (
  {%- for form_name, fields in fields_of_remarks.items() %}
  {%- set outer = loop %}
  {%- for field in fields %}
  select
    {{ form_name }}.submission_id,
    {{ form_name }}.sheet_number,
    {{ form_name }}.row_number,
    '{{ form_name }}' as form_name,
    '{{ field.name }}' as field_name,
    '{{ field.label_vi }}' as field_label_vi,
    {{ form_name }}.{{ field.name }} as remark
  from {{ form_name }}
  inner join text_files using (submission_id)
  where regexp_full_match({{ form_name }}.{{ field.name }}, '\d{1,3}')
  {%- if not (outer.last and loop.last) %}
  union all
  {%- endif %}
  {%- endfor %}
  {%- endfor %}
)

select * from final
