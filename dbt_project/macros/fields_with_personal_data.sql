{#- Every field of the contracts that is personal or sensitive, as `form.field`. -#}
{% macro fields_with_personal_data() -%}
  {%- set found = [] -%}
  {%- for form_name in form_names() -%}
    {%- for field in form_contract(form_name).fields if field.personal != "none" -%}
      {%- do found.append(form_name ~ "." ~ field.name) -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(found) }}
{%- endmacro %}
