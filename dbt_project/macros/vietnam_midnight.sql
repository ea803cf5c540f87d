{#- The instant at which a day begins in Vietnam. -#}
{% macro vietnam_midnight(day) -%}
  cast({{ day }} as timestamp) at time zone 'Asia/Ho_Chi_Minh'
{%- endmacro %}
