{#- The fields of all forms that pass a test of jinja's selectattr, by the form's name; forms that have none are left out:
    fields_by_form("is_money"), fields_by_form("type", "eq", "year_or_date"). -#}
{% macro fields_by_form() -%}
  {%- set found = {} -%}
  {%- for form_name in form_names() -%}
    {%- set fields = form_contract(form_name).fields | selectattr(*varargs) | list -%}
    {%- if fields -%}{%- do found.update({form_name: fields}) -%}{%- endif -%}
  {%- endfor -%}
  {{- return(found) -}}
{%- endmacro %}
