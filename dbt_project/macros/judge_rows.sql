{#- The one mechanism that judges rows, for every form alike: what a field may hold is read from its contract, and a
    row comes out with its values typed and with a list of what is wrong with it. A rule of a single form has no place
    here; it belongs into the contract, or into the two macros below this one. -#}

{#- The column in which the typed value of a field stands. -#}
{% macro typed_name(field) -%}
  {%- set named_by_list = {
    "units": "unit_key",
    "programmes": "programme_code",
    "indicators": "indicator_code",
    "ethnic_groups": "ethnic_group_code",
    "religions": "religion_code",
  } -%}
  {{- named_by_list.get(field.choice_list, field.name) -}}
{%- endmacro %}

{#- When the event date of a row places an event; a club's day of founding does so only while the club is new. -#}
{% macro event_condition(form_name) -%}
  {{- "status_choice.value_code = 'new'" if form_name == "clubs" else "true" -}}
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
      || case when period_choice.value_code = 'second_half' then '-12-14' else '-06-14' end
      as date
    )
  {%- else -%}
    cast(null as date)
  {%- endif -%}
{%- endmacro %}

{% macro field_error(field, reason, hint="cast(null as varchar)") -%}
  {'field_name': '{{ field.name }}', 'reason_code': {{ reason }}, 'value': judged_from."{{ field.name }}__text", 'hint': {{ hint }}}
{%- endmacro %}

{% macro judge_rows(form_name) -%}
{%- set contract = form_contract(form_name) -%}
{%- set choices = [] -%}
{%- set units = [] -%}
{%- for field in contract.fields -%}
  {%- if field.choice_list == "units" -%}{%- do units.append(field) -%}
  {%- elif field.choice_list is not none -%}{%- do choices.append(field) -%}
  {%- endif -%}
{%- endfor -%}
{%- set measured = contract.fields | selectattr("measured_in") | list -%}
{%- set parted = "measured_cells" if measured else "number_cells" -%}
with submissions as (
  select submission_id from {{ ref("stg_submissions") }}
),

known_days as (
  select
    min(period_start) as first_day,
    max(period_end) as last_day,
  from {{ ref("reporting_periods") }}
),

cells as (
  select
    form_rows.submission_id,
    form_rows.sheet_number,
    form_rows.table_number,
    form_rows.row_number,
    form_rows.money_scale,
    {%- for field in contract.fields %}
    case
      when trim(form_rows."{{ field.name }}") not in ('', '-', '–', '—') then trim(form_rows."{{ field.name }}")
    end as "{{ field.name }}__text",
    substr(form_rows.cell_types, {{ field.position }}, 1) as "{{ field.name }}__type",
    {%- endfor %}
  from {{ source("raw", form_name) }} as form_rows
  inner join submissions using (submission_id)
),

number_cells as (
  select
    cells.*,
    {%- for field in contract.fields if field.type in ["integer", "number"] %}
    {{ number_parts('cells."' ~ field.name ~ '__text"', 'cells."' ~ field.name ~ '__type"', field) }}
      as "{{ field.name }}__parts",
    {%- endfor %}
  from cells
),
{%- for field in measured %}

{#- A unit of measure that is typed with the number stands in for an empty cell of its own. #}
measured_cells as (
  select
    number_cells.* exclude ("{{ field.measured_in }}__text"),
    {{ unit_from_cell('number_cells."' ~ field.name ~ '__parts"', field) }} as "{{ field.name }}__unit",
    coalesce(
      number_cells."{{ field.measured_in }}__text",
      {{ unit_from_cell('number_cells."' ~ field.name ~ '__parts"', field) }}
    ) as "{{ field.measured_in }}__text",
  from number_cells
),
{%- endfor %}

{% if choices -%}
typed_choices as (
  {%- for field in choices %}
  select
    '{{ field.name }}' as field_name,
    '{{ field.choice_list }}' as choice_list,
    "{{ field.name }}__text" as typed,
  from {{ parted }}
  where "{{ field.name }}__text" is not null
  group by all
  {%- if not loop.last %}
  union
  {%- endif %}
  {%- endfor %}
  {%- for field in measured %}
  union
  select
    '{{ field.measured_in }}' as field_name,
    '{{ (choices | selectattr("name", "equalto", field.measured_in) | first).choice_list }}' as choice_list,
    "{{ field.name }}__unit" as typed,
  from {{ parted }}
  where "{{ field.name }}__unit" is not null
  group by all
  {%- endfor %}
),

spellings as (
  select * from {{ ref("stg_choice_spellings") }}
),

matched_choices as (
  select
    typed_choices.field_name,
    typed_choices.choice_list,
    typed_choices.typed,
    coalesce(exact_match.value_code, folded_match.value_code) as value_code,
    coalesce(exact_match.factor, folded_match.factor) as factor,
    coalesce(exact_match.is_ambiguous, folded_match.is_ambiguous, false) as is_ambiguous,
  from typed_choices
  left join spellings as exact_match
    on typed_choices.choice_list = exact_match.choice_list
    and exact_match.match_kind = 'exact'
    and typed_choices.typed = exact_match.spelling
  left join spellings as folded_match
    on typed_choices.choice_list = folded_match.choice_list
    and folded_match.match_kind = 'folded'
    and {{ fold("typed_choices.typed") }} = folded_match.spelling
),

nearest_choices as (
  select
    matched_choices.field_name,
    matched_choices.typed,
    arg_max(
      spellings.label_vi,
      jaro_winkler_similarity({{ fold("matched_choices.typed") }}, spellings.spelling)
    ) as nearest_label,
  from matched_choices
  inner join spellings
    on matched_choices.choice_list = spellings.choice_list
    and spellings.match_kind = 'folded'
  where matched_choices.value_code is null
  group by matched_choices.field_name, matched_choices.typed
),

resolved_choices as (
  select
    matched_choices.*,
    nearest_choices.nearest_label,
  from matched_choices
  left join nearest_choices using (field_name, typed)
),

{% endif -%}
values_read as (
  select
    {{ parted }}.*,
    {%- for field in contract.fields %}
    {%- set text = parted ~ '."' ~ field.name ~ '__text"' %}
    {%- set type = parted ~ '."' ~ field.name ~ '__type"' %}
    {%- if field.type in ["integer", "number"] %}
    {{ number_from_cell(
      text, type, parted ~ '."' ~ field.name ~ '__parts"', parted ~ ".money_scale" if field.is_money else none
    ) }} as "{{ field.name }}",
    {%- elif field.type == "date" %}
    {{ day_from_cell(text, type, 69) }} as "{{ field.name }}",
    {%- elif field.type == "datetime" %}
    {{ instant_from_cell(text, type, 69) }} as "{{ field.name }}",
    {%- elif field.type == "year_or_date" %}
    {{ day_from_cell(text, type, 15) }} as "{{ field.name }}_on",
    {{ year_from_cell(text) }} as "{{ field.name }}_year_alone",
    {%- elif field.type == "boolean" %}
    {{ tick_from_cell(text) }} as "{{ field.name }}",
    {%- elif field.choice_list is none and field.pattern is not none %}
    case
      when {{ type }} = 'n'
        then repeat('0', 12 - length(regexp_replace({{ text }}, '\.0+$', ''))) || regexp_replace({{ text }}, '\.0+$', '')
      else regexp_replace({{ text }}, '[\s.]', '', 'g')
    end as "{{ field.name }}",
    {%- elif field.choice_list is none %}
    {#- Thôn 10-3 typed as 10-3 comes back from a spreadsheet as 10 March of some year. #}
    case
      when {{ type }} = 'd' then coalesce(strftime(try_cast({{ text }} as date), '%-d-%-m'), {{ text }})
      else {{ text }}
    end as "{{ field.name }}",
    {%- endif %}
    {%- endfor %}
  from {{ parted }}
),

judged_from as (
  select
    values_read.*,
    known_days.*,
    {%- if contract.event_date is not none %}
    {{ event_condition(form_name) }} as is_event,
    {%- endif %}
    {%- for field in choices %}
    {{ field.name }}_choice.value_code as "{{ field.name }}__code",
    {{ field.name }}_choice.factor as "{{ field.name }}__factor",
    {{ field.name }}_choice.is_ambiguous as "{{ field.name }}__is_ambiguous",
    {{ field.name }}_choice.nearest_label as "{{ field.name }}__nearest",
    {%- endfor %}
    {%- for field in measured %}
    {{ field.name }}_unit.value_code as "{{ field.name }}__unit_code",
    {{ field.name }}_unit.factor as "{{ field.name }}__unit_factor",
    {%- endfor %}
    {%- for field in units %}
    {{ unit_day(form_name) }} as unit_day,
    {%- endfor %}
  from values_read
  cross join known_days
  {%- for field in choices %}
  left join resolved_choices as {{ field.name }}_choice
    on {{ field.name }}_choice.field_name = '{{ field.name }}'
    and values_read."{{ field.name }}__text" = {{ field.name }}_choice.typed
  {%- endfor %}
  {%- for field in measured %}
  left join resolved_choices as {{ field.name }}_unit
    on {{ field.name }}_unit.field_name = '{{ field.measured_in }}'
    and values_read."{{ field.name }}__unit" = {{ field.name }}_unit.typed
  {%- endfor %}
),

{% for field in units -%}
typed_units as (
  select
    "{{ field.name }}__text" as typed,
    unit_day,
  from judged_from
  where "{{ field.name }}__text" is not null
  group by all
),

unit_spellings as (
  select * from {{ ref("stg_unit_spellings") }}
),

resolved_units as (
  select
    typed_units.typed,
    typed_units.unit_day,
    min(unit_spellings.unit_key) filter (
      typed_units.unit_day is null
      or (
        coalesce(unit_spellings.valid_from, date '0001-01-01') <= typed_units.unit_day
        and coalesce(unit_spellings.valid_to, date '9999-12-31') >= typed_units.unit_day
      )
    ) as unit_key,
    count(distinct unit_spellings.unit_key) as candidate_count,
    count(distinct unit_spellings.unit_key) filter (
      typed_units.unit_day is null
      or (
        coalesce(unit_spellings.valid_from, date '0001-01-01') <= typed_units.unit_day
        and coalesce(unit_spellings.valid_to, date '9999-12-31') >= typed_units.unit_day
      )
    ) as valid_count,
  from typed_units
  left join unit_spellings
    on {{ fold("typed_units.typed") }} = unit_spellings.folded
  group by typed_units.typed, typed_units.unit_day
),

nearest_units as (
  select
    resolved_units.typed,
    arg_max(
      unit_spellings.unit_name,
      jaro_winkler_similarity({{ fold("resolved_units.typed") }}, unit_spellings.folded)
    ) as nearest_name,
  from resolved_units
  cross join unit_spellings
  where resolved_units.candidate_count = 0
  group by resolved_units.typed
),

{% endfor -%}
judged as (
  select
    judged_from.submission_id,
    judged_from.sheet_number,
    judged_from.table_number,
    judged_from.row_number,
    {%- for field in contract.fields %}
    {%- set name = typed_name(field) %}
    {%- if field.choice_list == "units" %}
    case when resolved_units.valid_count = 1 then resolved_units.unit_key end as {{ name }},
    {%- elif field.choice_list is not none and field.is_open_choice %}
    case
      when judged_from."{{ field.name }}__text" is not null
        then coalesce(judged_from."{{ field.name }}__code", 'other')
    end as "{{ name }}",
    judged_from."{{ field.name }}__text" as "{{ field.name }}_text",
    {%- elif field.choice_list is not none %}
    judged_from."{{ field.name }}__code" as "{{ name }}",
    {%- for number in measured if number.measured_in == field.name %}
    {#- As with money, what the cell itself says is not scaled by its column once more. #}
    case
      when judged_from."{{ number.name }}__unit" is not null then judged_from."{{ number.name }}__unit_factor"
      when {{ scale_factor('judged_from."' ~ number.name ~ '__parts".scale') }} = judged_from."{{ field.name }}__factor"
        then 1
      else judged_from."{{ field.name }}__factor"
    end as "{{ field.name }}_factor",
    {%- endfor %}
    {%- elif field.type == "year_or_date" %}
    coalesce(judged_from."{{ field.name }}_year_alone", year(judged_from."{{ field.name }}_on"))
      as "{{ field.name }}_year",
    case when judged_from."{{ field.name }}_year_alone" is null then judged_from."{{ field.name }}_on" end
      as "{{ field.name }}_on",
    {%- elif field.type == "integer" %}
    try_cast(judged_from."{{ field.name }}" as bigint) as "{{ name }}",
    {%- else %}
    judged_from."{{ field.name }}" as "{{ name }}",
    {%- endif %}
    {%- endfor %}
    list_filter(
      [
        {%- for field in contract.fields %}
        {%- set text = 'judged_from."' ~ field.name ~ '__text"' %}
        {%- set read = 'judged_from."' ~ field.name ~ '"' %}
        case
          when judged_from."{{ field.name }}__type" = 'e' then {{ field_error(field, "'cell_error'") }}
          {%- if field.required %}
          when {{ text }} is null then {{ field_error(field, "'missing_required'") }}
          {%- endif %}
          {%- if field.type == "boolean" %}
          when {{ read }} is null then {{ field_error(field, "'invalid_tick'") }}
          {%- endif %}
          when {{ text }} is null then null
          {%- if field.choice_list == "units" %}
          when resolved_units.candidate_count = 0
            then {{ field_error(field, "'unknown_choice'", "nearest_units.nearest_name") }}
          when resolved_units.valid_count = 0 then {{ field_error(field, "'unit_not_valid_on_day'") }}
          when resolved_units.valid_count > 1 and judged_from.unit_day is not null
            then {{ field_error(field, "'ambiguous_choice'") }}
          {%- elif field.choice_list is not none and not field.is_open_choice %}
          when judged_from."{{ field.name }}__is_ambiguous" then {{ field_error(field, "'ambiguous_choice'") }}
          when judged_from."{{ field.name }}__code" is null
            then {{ field_error(field, "'unknown_choice'", 'judged_from."' ~ field.name ~ '__nearest"') }}
          {%- elif field.type == "year_or_date" %}
          when coalesce(judged_from."{{ field.name }}_year_alone", year(judged_from."{{ field.name }}_on")) is null
            then {{ field_error(field, "'invalid_date'") }}
          {%- if field.minimum is not none %}
          when coalesce(judged_from."{{ field.name }}_year_alone", year(judged_from."{{ field.name }}_on"))
            < {{ field.minimum }} then {{ field_error(field, "'below_minimum'", "'" ~ field.minimum ~ "'") }}
          {%- endif %}
          {%- if field.maximum is not none %}
          when coalesce(judged_from."{{ field.name }}_year_alone", year(judged_from."{{ field.name }}_on"))
            > {{ field.maximum }} then {{ field_error(field, "'above_maximum'", "'" ~ field.maximum ~ "'") }}
          {%- endif %}
          {%- elif field.type in ["date", "datetime"] %}
          when {{ read }} is null then {{ field_error(field, "'invalid_date'") }}
          {%- if field.name == contract.event_date %}
          {%- set day = read if field.type == "date"
            else "cast(" ~ read ~ " at time zone 'Asia/Ho_Chi_Minh' as date)" %}
          when judged_from.is_event and {{ day }} not between judged_from.first_day and judged_from.last_day
            then {{ field_error(field, "'date_outside_known_periods'") }}
          {%- endif %}
          {%- elif field.type in ["integer", "number"] %}
          when {{ read }} is null then {{ field_error(field, "'invalid_number'") }}
          {%- if field.measured_in is not none %}
          when judged_from."{{ field.name }}__unit_code" <> judged_from."{{ field.measured_in }}__code"
            then {{ field_error(field, "'unit_of_measure_disagrees'") }}
          {%- endif %}
          {%- if field.type == "integer" %}
          when {{ read }} <> trunc({{ read }}) then {{ field_error(field, "'not_an_integer'") }}
          {%- endif %}
          {%- if field.minimum is not none %}
          when {{ read }} < {{ field.minimum }}
            then {{ field_error(field, "'below_minimum'", "'" ~ field.minimum ~ "'") }}
          {%- endif %}
          {%- if field.maximum is not none %}
          when {{ read }} > {{ field.maximum }}
            then {{ field_error(field, "'above_maximum'", "'" ~ field.maximum ~ "'") }}
          {%- endif %}
          {%- elif field.pattern is not none %}
          when not regexp_full_match({{ read }}, '{{ field.pattern }}')
            then {{ field_error(field, "'invalid_pattern'") }}
          {%- endif %}
        end,
        {%- endfor %}
      ],
      lambda error: error is not null
    ) as errors,
  from judged_from
  {%- for field in units %}
  left join resolved_units
    on judged_from."{{ field.name }}__text" = resolved_units.typed
    and judged_from.unit_day is not distinct from resolved_units.unit_day
  left join nearest_units
    on judged_from."{{ field.name }}__text" = nearest_units.typed
  {%- endfor %}
),

final as (
  select
    *,
    len(errors) = 0 as is_valid,
  from judged
)

select * from final
{%- endmacro %}
