{#- The rows of a form that count, with the unit and the half-year of the return they stand in and, for those that tell
    of an event, the half-year that holds its date: a flow belongs to the latter, a stock to the former. Forms with very
    many rows are attributed unit by unit. -#}
{% macro attribute_rows(form_name, event_on, is_by_unit=false) -%}
with form_rows as (
  select * from {{ ref("stg_" ~ form_name) }}
),

submissions as (
  select * from {{ ref("int_submissions_ranked") }}
  {%- if is_by_unit %}
  where {{ of_stale_units("unit_key") }}
  {%- endif %}
),

half_years as (
  select
    period_code,
    period_start,
    period_end
  from {{ ref("reporting_periods") }}
  where period_kind = 'half_year'
),

final as (
  select
    form_rows.*,
    submissions.unit_key,
    submissions.period_code as return_period_code,
    half_years.period_code,
    {{ row_key("form_rows") }} as row_key
  from form_rows
  inner join submissions
    on form_rows.submission_id = submissions.submission_id
    and submissions.form_name = '{{ form_name }}'
    and submissions.is_current
  left join half_years
    on {{ event_on }} between half_years.period_start and half_years.period_end
)

select * from final
{%- endmacro %}

{#- Where a row stands, as one key: submission, sheet, row. -#}
{% macro row_key(relation) -%}
  {{ relation }}.submission_id || '-' || cast({{ relation }}.sheet_number as string)
    || '-' || cast({{ relation }}.row_number as string)
{%- endmacro %}
