{#- The fields of forms that hold money, as pairs of form and field for `in`. -#}
{% macro money_fields() -%}
  {%- set pairs = [] -%}
  {%- for form_name in form_names() -%}
    {%- for field in form_contract(form_name).fields if field.is_money -%}
      {%- do pairs.append("('" ~ form_name ~ "', '" ~ field.name ~ "')") -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(pairs | join(", ")) }}
{%- endmacro %}
