{#- A day as Vietnamese readers write it: 05/01/2023. -#}
{% macro day_in_vietnamese(day) -%}
  {{ return(adapter.dispatch("day_in_vietnamese")(day)) }}
{%- endmacro %}

{% macro default__day_in_vietnamese(day) -%}
  strftime({{ day }}, '%d/%m/%Y')
{%- endmacro %}

{% macro spark__day_in_vietnamese(day) -%}
  date_format({{ day }}, 'dd/MM/yyyy')
{%- endmacro %}

{#- A month as Vietnamese readers write it: 7/2025. -#}
{% macro month_in_vietnamese(day) -%}
  cast(month({{ day }}) as string) || '/' || cast(year({{ day }}) as string)
{%- endmacro %}
