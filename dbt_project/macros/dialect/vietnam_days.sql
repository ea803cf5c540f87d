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

{#- The day in Vietnam that holds an instant. -#}
{% macro vietnam_day(instant) -%}
  {{ return(adapter.dispatch("vietnam_day")(instant)) }}
{%- endmacro %}

{% macro default__vietnam_day(instant) -%}
  cast({{ instant }} at time zone 'Asia/Ho_Chi_Minh' as date)
{%- endmacro %}

{% macro spark__vietnam_day(instant) -%}
  cast(from_utc_timestamp({{ instant }}, 'Asia/Ho_Chi_Minh') as date)
{%- endmacro %}

{#- How many days after its due day something came, by the days of Vietnam; 0 for what was on time, null for what did not
    come or was not asked for. -#}
{% macro days_late(received_at, due_on) -%}
  {%- set days = adapter.dispatch("days_between")(due_on, vietnam_day(received_at)) -%}
  cast(case when {{ days }} < 0 then 0 else {{ days }} end as integer)
{%- endmacro %}

{% macro default__days_between(first_day, last_day) -%}
  date_diff('day', {{ first_day }}, {{ last_day }})
{%- endmacro %}

{% macro spark__days_between(first_day, last_day) -%}
  datediff({{ last_day }}, {{ first_day }})
{%- endmacro %}

{#- An instant that is written out with its zone. -#}
{% macro written_instant(text) -%}
  {{ return(adapter.dispatch("written_instant")(text)) }}
{%- endmacro %}

{% macro default__written_instant(text) -%}
  timestamptz '{{ text }}'
{%- endmacro %}

{% macro spark__written_instant(text) -%}
  timestamp '{{ text }}'
{%- endmacro %}
