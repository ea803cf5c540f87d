{#- A day as Vietnamese readers write it: 05/01/2023. -#}
{% macro day_in_vietnamese(day) -%}
  strftime({{ day }}, '%d/%m/%Y')
{%- endmacro %}
