{#- A row that waits still says what it is about, as far as that could be read, so that it stands beside no more figures
    than it may belong to; `unread()` is what could not be read. A row of which no column was understood may belong to any
    figure of its form. -#}
{%- set waiting_forms = forms_of_half_years() + ["activity_log"] -%}
with unplaced_rows as (
  select * from {{ ref("stg_unplaced_rows") }}
),

forms_of_sheets as (
  select distinct
    submission_id,
    sheet_number,
    form_name
  from {{ ref("stg_sheet_tables") }}
  where form_name is not null
),

{% for form_name in waiting_forms -%}
{{ form_name }} as (
  {{ known_rows(form_name) }}
  where not judged_rows.is_valid
),

{% endfor -%}
judged as (
  {%- for form_name in waiting_forms %}
  {%- set contract = form_contract(form_name) %}
  {%- set day = contract.fields | selectattr("name", "eq", contract.event_date) | first %}
  {%- set is_log = form_name == "activity_log" %}
  select
    known.submission_id,
    known.sheet_number,
    known.row_number,
    '{{ form_name }}' as form_name,
    {{ "known.unit_key" if is_log else "cast(null as varchar)" }} as unit_key,
    {{ "known.event_id" if is_log else "cast(null as varchar)" }} as event_id,
    {%- for name in measured_attributes() %}
    {{ attribute_read(contract, name) }} as {{ name }},
    {%- endfor %}
    case when {{ is_good_cell(day) }} then {{ event_of(form_name, "known") }} end as event_on
  from {{ form_name }} as known
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

unplaced as (
  select
    unplaced_rows.submission_id,
    unplaced_rows.sheet_number,
    unplaced_rows.row_number,
    forms_of_sheets.form_name,
    cast(null as varchar) as unit_key,
    cast(null as varchar) as event_id,
    {%- for name in measured_attributes() %}
    {{ unread() }} as {{ name }},
    {%- endfor %}
    cast(null as date) as event_on
  from unplaced_rows
  inner join forms_of_sheets using (submission_id, sheet_number)
),

final as (
  select * from judged
  union all
  select * from unplaced
)

select * from final
