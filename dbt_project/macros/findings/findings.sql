{#- Relations as findings, one below the other, all in the one shape that findings have. What is `given` stands in each of
    them in place of a column that they do not have; none is nothing. -#}
{% macro findings(relations, given={}) -%}
  {%- set columns = {
    "finding_kind": "string",
    "unit_key": "string",
    "period_code": "string",
    "submission_id": "string",
    "sheet_number": "integer",
    "row_number": "bigint",
    "form_name": "string",
    "field_name": "string",
    "figure_reported": "decimal(20, 3)",
    "figure_computed": "decimal(20, 3)",
    "message_vi": "string",
  } -%}
  {%- for relation in relations %}
  select
    {%- for name, type in columns.items() %}
    {%- set value = given.get(name, name) %}
    {{ "cast(null as " ~ type ~ ")" if value is none else value }} as {{ name }}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
  from {{ relation }}
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
{%- endmacro %}
