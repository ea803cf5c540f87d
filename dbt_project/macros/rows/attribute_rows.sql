{#- The rows of a form that count, with the unit and the half-year of the return they stand in and, for those that tell
    of an event, the half-year that holds its date: a flow belongs to the latter, a stock to the former. Forms with very
    many rows are attributed unit by unit. A row that another return tells already counts there. -#}
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

repeated as (
  select
    submission_id,
    sheet_number,
    row_number,
    counts_as_stock
  from {{ ref("int_rows_repeated") }}
  where form_name = '{{ form_name }}'
  {%- if is_by_unit %}
  and {{ of_stale_units("unit_key") }}
  {%- endif %}
),

half_year_days as (
  {{ half_year_days() }}
),

final as (
  select
    form_rows.*,
    submissions.unit_key,
    submissions.period_code as return_period_code,
    case when repeated.submission_id is null then half_year_days.period_code end as period_code,
    {{ row_key("form_rows") }} as row_key
  from form_rows
  inner join submissions
    on form_rows.submission_id = submissions.submission_id
    and submissions.form_name = '{{ form_name }}'
    and submissions.is_current
  left join half_year_days
    on {{ event_on }} = half_year_days.day_on
  left join repeated
    on form_rows.submission_id = repeated.submission_id
    and form_rows.sheet_number = repeated.sheet_number
    and form_rows.row_number = repeated.row_number
  where repeated.submission_id is null or repeated.counts_as_stock
)

select * from final
{%- endmacro %}

{#- Where a row stands, as one key: submission, sheet, row. -#}
{% macro row_key(relation) -%}
  {{ relation }}.submission_id || '-' || cast({{ relation }}.sheet_number as string)
    || '-' || cast({{ relation }}.row_number as string)
{%- endmacro %}
