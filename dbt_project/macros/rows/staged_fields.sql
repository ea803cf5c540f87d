{#- The values of a form that go on from staging, in the order of its contract: all that it has but remarks. -#}
{% macro staged_fields(form_name) -%}
  {%- set names = [] -%}
  {%- for field in form_contract(form_name).fields if field.name != "note" -%}
    {%- do names.extend(typed_names(field)) -%}
  {%- endfor -%}
  {{- names | join(",\n    ") -}}
{%- endmacro %}
