{#- The day or instant that is asked for; nothing when everything received counts. The variable `as_of` says it, or else
    the environment: another variable makes dbt parse the whole project anew, another environment only what reads it. -#}
{% macro asked_as_of() -%}
  {%- set asked = var("as_of", none) | string | trim -%}
  {%- if asked | lower in ["", "none"] -%}{%- set asked = env_var("WAREHOUSE_AS_OF", "") | trim -%}{%- endif -%}
  {{- return(asked) -}}
{%- endmacro %}

{#- Knowledge time: true for what had been received by the variable `as_of`. A bare day means the whole of that day in
    Vietnam, because a review issued on a day knows everything that arrived on it. -#}
{% macro is_known(received_at) -%}
  {%- set as_of = asked_as_of() -%}
  {%- if not as_of -%}
    true
  {%- elif as_of | length == 10 -%}
    {{ received_at }} < (date '{{ as_of }}' + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh'
  {%- else -%}
    {{ received_at }} <= timestamptz '{{ as_of }}'
  {%- endif -%}
{%- endmacro %}

{#- The day in Vietnam on which the variable `as_of` lies; today where there is none. -#}
{% macro day_known() -%}
  {%- set as_of = asked_as_of() -%}
  {%- if not as_of -%}
    current_date
  {%- elif as_of | length == 10 -%}
    date '{{ as_of }}'
  {%- else -%}
    {{ vietnam_day(written_instant(as_of)) }}
  {%- endif -%}
{%- endmacro %}
