{#- A row that waits still says what it is about, as far as that could be read, so that it stands beside no more figures
    than it may belong to; `unread()` is what could not be read. A row of which no column was understood may belong to any
    figure of its form. -#}
{%- set waiting_forms = forms_of_half_years() + ["activity_log"] -%}
with unplaced_rows as (
  select * from {{ ref("stg_unplaced_rows") }}
),

-- Of several tables on its sheet a row is of the last that begins above it.
forms_of_rows as (
  select
    unplaced_rows.submission_id,
    unplaced_rows.sheet_number,
    unplaced_rows.row_number,
    sheet_tables.form_name
  from unplaced_rows
  inner join {{ ref("stg_sheet_tables") }} as sheet_tables
    on unplaced_rows.submission_id = sheet_tables.submission_id
    and unplaced_rows.sheet_number = sheet_tables.sheet_number
    and sheet_tables.form_name is not null
  qualify
    rank() over (
      partition by unplaced_rows.submission_id, unplaced_rows.sheet_number, unplaced_rows.row_number
      order by
        case
          when coalesce(sheet_tables.header_first_row, 0) > unplaced_rows.row_number then -1
          else coalesce(sheet_tables.header_first_row, 0)
        end desc
    ) = 1
),

{% for form_name in waiting_forms -%}
{{ form_name }} as (
  {{ known_rows(form_name) }}
  where not validated_rows.is_valid
),

{% endfor -%}
validated as (
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
  select distinct
    forms_of_rows.submission_id,
    forms_of_rows.sheet_number,
    forms_of_rows.row_number,
    forms_of_rows.form_name,
    cast(null as varchar) as unit_key,
    cast(null as varchar) as event_id,
    {%- for name in measured_attributes() %}
    {{ unread() }} as {{ name }},
    {%- endfor %}
    cast(null as date) as event_on
  from forms_of_rows
),

final as (
  select * from validated
  union all
  select * from unplaced
)

select * from final
