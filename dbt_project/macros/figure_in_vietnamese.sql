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
