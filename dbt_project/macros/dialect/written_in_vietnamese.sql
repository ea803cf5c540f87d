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

{#- A figure as Vietnamese readers write it: dots between thousands, a decimal comma, no empty decimals. -#}
{% macro figure_in_vietnamese(figure) -%}
  {{ return(adapter.dispatch("figure_in_vietnamese")(figure)) }}
{%- endmacro %}

{% macro default__figure_in_vietnamese(figure) -%}
  translate(regexp_replace(regexp_replace(printf('%,.3f', cast({{ figure }} as double)), '0+$', ''), '[.]$', ''), ',.', '.,')
{%- endmacro %}

{% macro spark__figure_in_vietnamese(figure) -%}
  translate(format_number(cast({{ figure }} as double), '#,##0.###'), ',.', '.,')
{%- endmacro %}
