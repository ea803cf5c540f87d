{#- The two places in which forms differ by more than their contracts say. -#}

{#- When the event date of a row places an event; a club's day of founding does so only while the club is new. -#}
{% macro event_condition(form_name) -%}
  {{- "values_read.status__code = 'new'" if form_name == "clubs" else "true" -}}
{%- endmacro %}

{#- The day on which a unit named in a row must be valid. -#}
{% macro unit_day(form_name) -%}
  {%- if form_name == "activity_log" -%}
    cast(values_read.occurred_at at time zone 'Asia/Ho_Chi_Minh' as date)
  {%- elif form_name == "opening_balances" -%}
    values_read.as_of
  {%- elif form_name == "targets" -%}
    try_cast(
      try_cast(values_read.year as integer)
      || case when values_read.period__code = 'second_half' then '-12-14' else '-06-14' end
      as date
    )
  {%- else -%}
    cast(null as date)
  {%- endif -%}
{%- endmacro %}
