{#- Every number of every form in one long table, good rows and bad ones: what control totals are checked against. -#}
{%- set ns = namespace(first=true) -%}
with {% for form_name in form_names() -%}
{{ form_name }} as (
  {{ known_rows(form_name) }}
),

{% endfor -%}
final as (
  {%- for form_name in form_names() %}
  {%- for field in form_contract(form_name).fields if field.type in ["integer", "number"] %}
  {%- if not ns.first %}
  union all
  {%- endif %}
  {%- set ns.first = false %}
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    '{{ form_name }}' as form_name,
    '{{ field.name }}' as field_name,
    cast("{{ field.name }}" as decimal(20, 3)) as value
  from {{ form_name }}
  where "{{ field.name }}" is not null
  {%- endfor %}
  {%- endfor %}
)

select * from final
