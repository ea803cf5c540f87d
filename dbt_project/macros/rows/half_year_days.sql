{#- The days of the half-years that are known, each with its half-year: a row finds its own by its day at once. A join by
    first and last day has every row of the country sorted by day, and lays a table down in that order. -#}
{% macro half_year_days() -%}
  select
    period_code,
    {{ each_day("period_start", "period_end") }} as day_on
  from {{ ref("reporting_periods") }}
  where period_kind = 'half_year'
{%- endmacro %}
