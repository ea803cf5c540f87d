{#- What people typed, read once a spelling. A spelling is the text of a cell with the letter of its type and, for money,
    with what money in its table is multiplied by: whatever a reading depends on. -#}

{#- The way in which a field is read. -#}
{% macro reading_of(field) -%}
  {%- set read_by_type = {
    "date": "day",
    "datetime": "instant",
    "year_or_date": "year",
    "boolean": "tick",
  } -%}
  {%- if field.choice_list == "units" -%}unit
  {%- elif field.choice_list is not none -%}choice
  {%- elif field.type in ["integer", "number"] -%}number
  {%- elif field.type in read_by_type -%}{{ read_by_type[field.type] }}
  {%- elif field.pattern is not none -%}digits
  {%- else -%}words
  {%- endif -%}
{%- endmacro %}

{#- The table in which the spellings of a field stand. Names, notes and citizen numbers hardly repeat and have none; what
    may follow a number differs between money, counts and each quantity that has a unit of measure. -#}
{% macro spellings_of(field) -%}
  {%- set reading = reading_of(field) -%}
  {%- if reading == "number" -%}
    {{- "amount" if field.is_money else (field.name if field.measured_in else "count") -}}_spellings
  {%- elif reading in ["day", "instant", "year", "tick"] -%}
    {{- reading -}}_spellings
  {%- endif -%}
{%- endmacro %}

{#- A table of spellings, and what each means, for each way of reading that the fields ask for. -#}
{% macro read_spellings(fields) -%}
{%- set tables = {} -%}
{%- for field in fields if spellings_of(field) -%}
  {%- do tables.setdefault(spellings_of(field), []).append(field) -%}
{%- endfor -%}
{%- for name, alike in tables.items() -%}
{{ name }}_typed as (
  {%- for field in alike %}
  select
    "{{ field.name }}__text" as typed,
    "{{ field.name }}__type" as cell_type,
    {%- if field.is_money %}
    money_scale,
    {%- endif %}
  from cells
  where "{{ field.name }}__text" is not null
  group by all
  {%- if not loop.last %}
  union
  {%- endif %}
  {%- endfor %}
),

{{ read_once(name, alike[0]) }}
{%- endfor -%}
{%- endmacro %}

{#- One table of spellings; the first of its fields says how they are read. -#}
{% macro read_once(name, field) -%}
{%- set reading = reading_of(field) -%}
{%- if reading == "number" -%}
{{ name }}_parted as (
  select
    *,
    {{ number_parts("typed", "cell_type", field) }} as parts,
  from {{ name }}_typed
),

{{ name }} as (
  select
    typed,
    cell_type,
    {%- if field.is_money %}
    money_scale,
    {%- endif %}
    {{ number_from_cell("typed", "cell_type", "parts", "money_scale" if field.is_money else none) }} as number_read,
    {%- if field.is_money %}
    coalesce(parts.scale <> '' or parts.unit <> '', false) as names_unit,
    {%- endif %}
    {%- if field.measured_in %}
    {{ unit_from_cell("parts", field) }} as unit_read,
    {{ scale_factor("parts.scale") }} as scale_read,
    {%- endif %}
  from {{ name }}_parted
),
{%- elif reading == "year" -%}
{{ name }}_parted as (
  select
    *,
    {{ day_from_cell("typed", "cell_type", 15) }} as day_typed,
    coalesce({{ year_from_cell("typed") }}, {{ year_shown_as_day("day_typed") }}) as year_alone,
  from {{ name }}_typed
),

{{ name }} as (
  select
    typed,
    cell_type,
    coalesce(year_alone, year(day_typed)) as year_read,
    case when year_alone is null then day_typed end as day_read,
  from {{ name }}_parted
),
{%- else -%}
{{ name }} as (
  select
    typed,
    cell_type,
    {%- if reading == "day" %}
    {{ day_from_cell("typed", "cell_type", 69) }} as day_read,
    {%- elif reading == "instant" %}
    {{ instant_from_cell("typed", "cell_type", 69) }} as instant_read,
    {%- else %}
    {{ tick_from_cell("typed") }} as tick_read,
    {%- endif %}
  from {{ name }}_typed
),
{%- endif %}

{% endmacro %}
