{#- The one mechanism that validates rows, for every form alike: what a field may hold is read from its contract, and a
    row comes out with its values typed, with a list of what is wrong with it and with a word on whether it counts
    all the same. A rule of a single form has no place here; it belongs into the contract, or into the two macros of `events.sql`.

    What people type repeats itself, so a value is read once a spelling and not once a cell: the distinct spellings of
    dates, numbers, ticks and choices are read, and the rows look them up. What is wrong is told only of rows in which
    something is. -#}
{% macro validate_rows(form_name) -%}
{{- config(
  materialized="incremental",
  incremental_strategy="delete+insert",
  unique_key="submission_id",
  on_schema_change="sync_all_columns",
) -}}
{%- set validation = validation_steps(form_name) -%}
with known_days as (
  select
    min(period_start) as first_day,
    max(period_end) as last_day,
  from {{ ref("reporting_periods") }}
),

bounds as (
  select
    first_day,
    last_day,
    (select max(threshold) from {{ ref("finding_rules") }} where finding_kind = 'amount_too_large')
      as largest_amount_vnd,
  from known_days
),

validation as (
  {{ validation_digest(validation, form_contract(form_name)) }}
),

submissions as (
  {{ submissions_to_validate() }}
),

{{ validation }}

select
  final.*,
  validation.fingerprint as validated_by
from final
cross join validation
{%- endmacro %}

{#- The steps from raw rows to validated ones; their text is part of the fingerprint. -#}
{% macro validation_steps(form_name) -%}
{%- set contract = form_contract(form_name) -%}
{%- set choices = contract.fields | selectattr("choice_list") | rejectattr("choice_list", "eq", "units") | list -%}
{%- set units = contract.fields | selectattr("choice_list", "eq", "units") | list -%}
{%- set measured = contract.fields | selectattr("measured_in") | list -%}
{{ read_cells(contract.fields, form_name) }}
{{ read_spellings(contract.fields) }}
{%- if choices -%}
{{ resolve_choices(choices, measured) }}
{%- endif -%}
values_read as (
  select
    cells.*
    {%- if measured %}
    {#- A unit of measure that is typed with the number stands in for an empty cell of its own. #}
    replace (
      {%- for field in measured %}
      coalesce(cells."{{ field.measured_in }}__text", "{{ field.name }}__read".unit_read)
        as "{{ field.measured_in }}__text",
      {%- endfor %}
    )
    {%- endif %},
    {%- for field in contract.fields %}
    {%- set reading = reading_of(field) %}
    {%- if reading == "choice" %}
    "{{ field.name }}__read".value_code as "{{ field.name }}__code",
    "{{ field.name }}__read".factor as "{{ field.name }}__factor",
    "{{ field.name }}__read".is_ambiguous as "{{ field.name }}__is_ambiguous",
    "{{ field.name }}__read".nearest_label as "{{ field.name }}__nearest",
    "{{ field.name }}__read".is_misspelt as "{{ field.name }}__is_misspelt",
    {%- elif reading == "year" %}
    "{{ field.name }}__read".year_read as "{{ field.name }}_year",
    "{{ field.name }}__read".day_read as "{{ field.name }}_on",
    {%- elif reading == "tick" %}
    case when cells."{{ field.name }}__text" is null then false else "{{ field.name }}__read".tick_read end
      as "{{ field.name }}",
    {%- elif reading in ["number", "day", "instant"] %}
    "{{ field.name }}__read".{{ reading }}_read as "{{ field.name }}",
    {%- if field.is_money %}
    "{{ field.name }}__read".names_unit as "{{ field.name }}__names_unit",
    {%- endif %}
    {%- if field.measured_in %}
    "{{ field.name }}__read".unit_read as "{{ field.name }}__unit",
    "{{ field.name }}__read".scale_read as "{{ field.name }}__scale",
    "{{ field.name }}__unit_read".value_code as "{{ field.name }}__unit_code",
    "{{ field.name }}__unit_read".factor as "{{ field.name }}__unit_factor",
    {%- endif %}
    {%- elif reading == "digits" %}
    {{ digits_from_cell('cells."' ~ field.name ~ '__text"', 'cells."' ~ field.name ~ '__type"') }}
      as "{{ field.name }}",
    {%- elif reading == "words" %}
    {{ words_from_cell('cells."' ~ field.name ~ '__text"', 'cells."' ~ field.name ~ '__type"') }}
      as "{{ field.name }}",
    {%- endif %}
    {%- endfor %}
  from cells
  {%- for field in contract.fields if spellings_of(field) %}
  left join {{ spellings_of(field) }} as "{{ field.name }}__read"
    on cells."{{ field.name }}__text" = "{{ field.name }}__read".typed
    and cells."{{ field.name }}__type" = "{{ field.name }}__read".cell_type
    {%- if field.is_money %}
    and cells.money_scale = "{{ field.name }}__read".money_scale
    {%- endif %}
  {%- endfor %}
  {%- for field in choices %}
  left join resolved_choices as "{{ field.name }}__read"
    on "{{ field.name }}__read".choice_list = '{{ field.choice_list }}'
    and {{ text_with_unit(field, measured) }} = "{{ field.name }}__read".typed
  {%- endfor %}
  {%- for field in measured %}
  left join resolved_choices as "{{ field.name }}__unit_read"
    on "{{ field.name }}__unit_read".choice_list = '{{ choice_list_of(field.measured_in, choices) }}'
    and "{{ field.name }}__read".unit_read = "{{ field.name }}__unit_read".typed
  {%- endfor %}
),

placed as (
  select
    values_read.*,
    bounds.*,
    {{ event_condition(form_name) }} as is_event,
    {{ unit_day(form_name) }} as unit_day,
  from values_read
  cross join bounds
),

{% for field in units -%}
{{ resolve_units(field) }}
{%- endfor -%}
reasoned as (
  select
    placed.*,
    {%- for field in units %}
    case when resolved_units.valid_count = 1 then resolved_units.unit_key end as {{ typed_name(field) }},
    resolved_units.nearest_name as "{{ field.name }}__nearest",
    {%- endfor %}
    {%- for field in contract.fields %}
    {{ field_reason(field, contract.event_date) }} as "{{ field.name }}__reason",
    {%- endfor %}
  from placed
  {%- for field in units %}
  left join resolved_units
    on placed."{{ field.name }}__text" = resolved_units.typed
    and placed.unit_day is not distinct from resolved_units.unit_day
  {%- endfor %}
),

validated as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    {%- for field in contract.fields %}
    {%- set reading = reading_of(field) %}
    {%- set name = typed_name(field) %}
    {%- if field.is_open_choice %}
    case
      when "{{ field.name }}__text" is not null then coalesce("{{ field.name }}__code", 'other')
    end as "{{ name }}",
    "{{ field.name }}__text" as "{{ field.name }}_text",
    {%- elif reading == "choice" %}
    "{{ field.name }}__code" as "{{ name }}",
    {%- for number in measured if number.measured_in == field.name %}
    {#- As with money, what the cell itself says is not scaled by its column once more. #}
    case
      when "{{ number.name }}__unit" is not null then "{{ number.name }}__unit_factor"
      when "{{ number.name }}__scale" = "{{ field.name }}__factor" then 1
      else "{{ field.name }}__factor"
    end as "{{ field.name }}_factor",
    {%- endfor %}
    {%- elif reading == "year" %}
    "{{ field.name }}_year",
    "{{ field.name }}_on",
    {%- elif field.type == "integer" %}
    try_cast("{{ field.name }}" as bigint) as "{{ name }}",
    {%- else %}
    "{{ name }}",
    {%- endif %}
    {%- endfor %}
    coalesce(
      {%- for field in contract.fields if field.keeps_row_out %}
      "{{ field.name }}__reason"{{ "," if not loop.last }}
      {%- endfor %}
    ) is null as is_valid,
    case
      when coalesce(
        {%- for field in contract.fields %}
        "{{ field.name }}__reason"{{ "," if not loop.last }}
        {%- endfor %}
      ) is null then []
      else list_filter(
        [
          {%- for field in contract.fields %}
          {{ field_error(field) }},
          {%- endfor %}
        ],
        lambda error: error is not null
      )
    end as errors,
  from reasoned
),

final as (
  select * from validated
)
{%- endmacro %}
