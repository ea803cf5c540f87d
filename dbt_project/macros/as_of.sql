{#- Knowledge time: true for what had been received by the variable `as_of`. A bare day means the whole of that day in
    Vietnam, because a review issued on a day knows everything that arrived on it. -#}
{% macro is_known(received_at) -%}
  {%- set as_of = var("as_of", none) -%}
  {%- if as_of is none or as_of | string | trim | lower in ["", "none"] -%}
    true
  {%- elif as_of | string | trim | length == 10 -%}
    {{ received_at }} < (date '{{ as_of | string | trim }}' + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh'
  {%- else -%}
    {{ received_at }} <= timestamptz '{{ as_of | string | trim }}'
  {%- endif -%}
{%- endmacro %}

{#- The day in Vietnam on which the variable `as_of` lies; today where there is none. -#}
{% macro day_known() -%}
  {%- set as_of = var("as_of", none) -%}
  {%- if as_of is none or as_of | string | trim | lower in ["", "none"] -%}
    current_date
  {%- elif as_of | string | trim | length == 10 -%}
    date '{{ as_of | string | trim }}'
  {%- else -%}
    {{ vietnam_day("'" ~ as_of | string | trim ~ "'") }}
  {%- endif -%}
{%- endmacro %}

{#- The day in Vietnam on which an instant lies that is written out with its zone. -#}
{% macro vietnam_day(instant) -%}
  {{ return(adapter.dispatch("vietnam_day")(instant)) }}
{%- endmacro %}

{% macro default__vietnam_day(instant) -%}
  cast(timestamptz {{ instant }} at time zone 'Asia/Ho_Chi_Minh' as date)
{%- endmacro %}

{% macro spark__vietnam_day(instant) -%}
  cast(from_utc_timestamp(timestamp {{ instant }}, 'Asia/Ho_Chi_Minh') as date)
{%- endmacro %}
