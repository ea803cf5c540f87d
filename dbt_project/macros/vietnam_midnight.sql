{#- The instant at which a day begins in Vietnam. -#}
{% macro vietnam_midnight(day) -%}
  {{ return(adapter.dispatch("vietnam_midnight")(day)) }}
{%- endmacro %}

{% macro default__vietnam_midnight(day) -%}
  cast({{ day }} as timestamp) at time zone 'Asia/Ho_Chi_Minh'
{%- endmacro %}

{#- Spark's instants are shown in the zone of its session, which is UTC here as it is everywhere. -#}
{% macro spark__vietnam_midnight(day) -%}
  to_utc_timestamp(cast({{ day }} as timestamp), 'Asia/Ho_Chi_Minh')
{%- endmacro %}
