{#- The measures of one relation row by row, in the long form that the indicators of the seed choose from: a measure is a
    name and what is summed, `attributes` are the columns that an indicator may filter by, and `source_form` says in which
    form the row stands. Summed they are the figures, one by one they are where the figures come from. -#}
{% macro measured_rows(
  relation, form_name, basis, measures, attributes=[], period="period_code", source_form=none, source_period=none
) -%}
  {%- for measure, expression in measures.items() %}
  select
    unit_key,
    {{ period }} as period_code,
    '{{ form_name }}' as form_name,
    '{{ basis }}' as basis,
    '{{ measure }}' as measure,
    {%- for name in measured_attributes() %}
    {{ name if name in attributes else "cast(null as string) as " ~ name }},
    {%- endfor %}
    cast({{ expression }} as decimal(20, 3)) as value,
    '{{ "carried_row" if basis == "carried" else "row" }}' as source_kind,
    {{ source_form or "'" ~ form_name ~ "'" }} as source_form_name,
    {{ source_period or "cast(null as string)" }} as source_period_code,
    submission_id,
    sheet_number,
    row_number
  from {{ relation }}
  where {{ period }} is not null
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
{%- endmacro %}

{#- What an indicator may filter by. -#}
{% macro measured_attributes() -%}
  {{ return([
    "change_type", "kind", "status", "programme_code", "activity_type", "uom", "beneficiary_group", "recipient_kind"
  ]) }}
{%- endmacro %}

{#- Which rows a component of an indicator takes; both relations by these names: indicators, components, and the given.
    Carried rows are what a stock was when it was last known, of a unit that did not report. -#}
{% macro is_component(measured) -%}
  indicators.form_name = {{ measured }}.form_name
    and (
      indicators.kind = {{ measured }}.basis
      or (indicators.kind = 'stock' and {{ measured }}.basis = 'carried')
    )
    and components.measure = {{ measured }}.measure
    {%- for name, asked in asked_attributes().items() %}
    and ({{ asked }} is null or {{ asked }} = {{ measured }}.{{ name }})
    {%- endfor %}
{%- endmacro %}

{#- Which rows that wait a component may take once they are put right: what could not be read of them may be anything. -#}
{% macro may_be_component(waiting) -%}
  indicators.form_name = {{ waiting }}.form_name
    and indicators.kind = {{ waiting }}.basis
    {%- for name, asked in asked_attributes().items() %}
    and ({{ asked }} is null or {{ waiting }}.{{ name }} in ({{ asked }}, {{ unread() }}))
    {%- endfor %}
{%- endmacro %}

{#- What stands for an attribute that could not be read. -#}
{% macro unread() -%}
  '?'
{%- endmacro %}

{#- An attribute of a known row, as far as it could be read; null where its form does not have it. -#}
{% macro attribute_read(contract, name) -%}
  {%- set fields = contract.fields | selectattr("name", "in", [name, name | replace("_code", "")]) | list -%}
  {%- if fields -%}
    case when {{ is_good_cell(fields[0]) }} then known.{{ name }} else {{ unread() }} end
  {%- else -%}
    cast(null as varchar)
  {%- endif -%}
{%- endmacro %}

{#- What an indicator may filter by, with the column of its components that says it. -#}
{% macro asked_attributes() -%}
  {%- set asked = {} -%}
  {%- for name in measured_attributes() -%}
    {%- do asked.update({name: "components." ~ ("programme" if name == "programme_code" else name)}) -%}
  {%- endfor -%}
  {{ return(asked) }}
{%- endmacro %}

{#- What measured rows are made from; whatever is built from them by unit is stale when one of these changed. -#}
{% macro inputs_of_measured_rows() -%}
  {%- set inputs = {
    "int_activities_reconciled": "by_unit",
    "int_membership_balances_chained": none,
    "int_opening_balances_resolved": none,
    "int_clubs_attributed": none,
    "int_trainings_attributed": none,
    "int_support_funds_attributed": none,
    "int_awards_attributed": none,
    "int_protection_cases_attributed": none,
    "int_forms_reported": "form_name = 'clubs' and is_returned",
    "int_unit_half_years_expected": none,
  } -%}
  {{ return(dict(inputs_of_identified_members(), **inputs)) }}
{%- endmacro %}
