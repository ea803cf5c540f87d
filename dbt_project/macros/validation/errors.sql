{#- What is wrong with a cell: first a reason, by plain comparisons of values that have been read, and the words for it
    only where there is one. -#}

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

{#- Every column of a validated row in which something of a field stands. -#}
{% macro typed_names(field) -%}
  {%- if field.type == "year_or_date" -%}
    {{- return([field.name ~ "_year", field.name ~ "_on"]) -}}
  {%- elif field.is_open_choice -%}
    {{- return([typed_name(field), field.name ~ "_text"]) -}}
  {%- endif -%}
  {{- return([typed_name(field)]) -}}
{%- endmacro %}

{#- Cells that show something and hold no value that counts: the letter that reading gives them, and the reason. -#}
{% macro spoilt_cells() -%}
  {{- return({
    "e": "cell_error",
    "f": "formula_without_result",
    "s": "struck_out",
    "m": "scaled_against_unit",
    "h": "hidden_row",
  }) -}}
{%- endmacro %}

{#- The reason for which a cell is not as its contract wants it; null for a good one. -#}
{% macro field_reason(field, event_date) -%}
  {%- set reading = reading_of(field) -%}
  {%- set text = 'placed."' ~ field.name ~ '__text"' -%}
  {%- set read = 'placed."' ~ field.name ~ ('_year"' if reading == "year" else '"') -%}
  case
      {%- for letter, reason in spoilt_cells().items() %}
      when placed."{{ field.name }}__type" = '{{ letter }}' then '{{ reason }}'
      {%- endfor %}
      {%- if field.required %}
      when {{ text }} is null then 'missing_required'
      {%- endif %}
      {%- if reading == "tick" %}
      when {{ read }} is null then 'invalid_tick'
      {%- endif %}
      when {{ text }} is null then null
      {%- if reading == "unit" %}
      when resolved_units.candidate_count = 0 then 'unknown_choice'
      when resolved_units.valid_count = 0 then 'unit_not_valid_on_day'
      when resolved_units.valid_count > 1 and placed.unit_day is not null then 'ambiguous_choice'
      {%- elif reading == "choice" and field.is_open_choice %}
      when placed."{{ field.name }}__is_misspelt" then 'unknown_choice'
      {%- elif reading == "choice" %}
      when placed."{{ field.name }}__is_ambiguous" then 'ambiguous_choice'
      when placed."{{ field.name }}__code" is null then 'unknown_choice'
      {%- elif reading in ["year", "day", "instant"] %}
      when placed."{{ field.name }}__type" = 'u' then 'ambiguous_date'
      when {{ read }} is null then 'invalid_date'
      {%- if field.name == event_date %}
      when placed.is_event
        and {{ read if reading == "day" else "cast(" ~ read ~ " at time zone 'Asia/Ho_Chi_Minh' as date)" }}
        not between placed.first_day and placed.last_day then 'date_outside_known_periods'
      {%- endif %}
      {%- elif reading == "number" %}
      when {{ read }} is null then 'invalid_number'
      {%- if field.measured_in %}
      when placed."{{ field.name }}__unit_code" <> placed."{{ field.measured_in }}__code"
        then 'unit_of_measure_disagrees'
      {%- endif %}
      {%- if field.type == "integer" %}
      when {{ read }} <> trunc({{ read }}) then 'not_an_integer'
      {%- endif %}
      {%- elif field.is_identifier %}
      when {{ is_ruined_identifier(text, 'placed."' ~ field.name ~ '__type"') }} then 'ruined_identifier'
      {%- elif reading == "digits" %}
      when not regexp_full_match({{ read }}, '{{ field.pattern }}') then 'invalid_pattern'
      {%- endif %}
      {%- if reading == "number" and (field.is_money or field.measured_in) %}
      when {{ is_amount_implausible(field) }} then 'amount_implausible'
      {%- endif %}
      {%- if field.youngest is not none %}
      when {{ age_on_day(field, event_date) }} not between {{ field.youngest }} and {{ field.oldest }}
        then 'age_impossible'
      {%- endif %}
      {%- if reading in ["year", "number"] %}
      {%- if field.minimum is not none %}
      when {{ read }} < {{ field.minimum }} then 'below_minimum'
      {%- endif %}
      {%- if field.maximum is not none %}
      when {{ read }} > {{ field.maximum }} then 'above_maximum'
      {%- endif %}
      {%- endif %}
    end
{%- endmacro %}

{#- What a spreadsheet makes of a long number (2,02302E+13, or zeros from the 16th digit on), of 1-2 (01-Feb), and shows
    where it has no room. -#}
{% macro is_ruined_identifier(text, cell_type) -%}
  {{ cell_type }} = 'd'
        or ({{ cell_type }} = 'n' and length({{ text }}) > 15)
        or regexp_full_match({{ text }}, '\d+[.,]\d+e[+]?\d+|\d+e[+]\d+|[1-9]\d{14}0{2,}|#.*', 'i')
        or regexp_full_match(
          {{ text }}, '(\d{1,2}-)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|thg ?\d{1,2})(-\d{2,4})?', 'i'
        )
{%- endmacro %}

{#- Full years of age on the day of the event; where only the year of birth is known, what she turns in that year. -#}
{% macro age_on_day(field, event_date) -%}
  coalesce(
        date_sub('year', placed."{{ field.name }}_on", placed."{{ event_date }}"),
        year(placed."{{ event_date }}") - placed."{{ field.name }}_year"
      )
{%- endmacro %}

{#- Whether an amount is more than a single row can have, and nothing but the ĐVT of the sheet says that it is meant so. A
    cell that names its unit itself (6 tỷ) is believed up to a hundredfold: a loan may be as large, a gift of trillions is
    none. So are the loans of a whole commune in one row, but for those in thousands: fifty millions typed in full would
    read as the fifty milliards that a loan may be. -#}
{% macro is_amount_implausible(field) -%}
  {%- set name = "placed." ~ '"' ~ field.name -%}
  {%- if field.is_money -%}
    {{ name }}" > placed.largest_amount_vnd * case
          when {{ name }}__names_unit" then 100
          {%- for other, codes in field.large_for.items() %}
          when placed.money_scale <> 1000 and placed."{{ other }}__code" in ('{{ codes | join("', '") }}') then 100
          {%- endfor %}
          else 1
        end
  {%- else -%}
    placed."{{ field.measured_in }}__code" = 'vnd'
        and {{ name }}" * coalesce(
          case when {{ name }}__unit" is null then placed."{{ field.measured_in }}__factor" else {{ name }}__unit_factor" end, 1
        ) > placed.largest_amount_vnd * case when {{ name }}__unit" is null then 1 else 100 end
  {%- endif -%}
{%- endmacro %}

{#- A reason with the text of the cell and, where there is one, with what would be right. -#}
{% macro field_error(field) -%}
  {%- set reading = reading_of(field) -%}
  case
            when "{{ field.name }}__reason" is not null
              then {
                'field_name': '{{ field.name }}',
                'reason_code': "{{ field.name }}__reason",
                'value': "{{ field.name }}__text",
                'hint': {{ field_hint(field) }}
              }
          end
{%- endmacro %}

{#- What would be right: the bound that is not kept, or the nearest word of the list. -#}
{% macro field_hint(field) -%}
  {%- set hints = {} -%}
  {%- if field.minimum is not none -%}{%- do hints.update({"below_minimum": "'" ~ field.minimum ~ "'"}) -%}{%- endif -%}
  {%- if field.maximum is not none -%}{%- do hints.update({"above_maximum": "'" ~ field.maximum ~ "'"}) -%}{%- endif -%}
  {%- if field.choice_list is not none -%}
    {%- do hints.update({"unknown_choice": '"' ~ field.name ~ '__nearest"'}) -%}
  {%- endif -%}
  {%- if reading_of(field) in ["day", "instant"] -%}
    {%- set day = '"' ~ field.name ~ '"' if reading_of(field) == "day"
      else "cast(" ~ '"' ~ field.name ~ '"' ~ " at time zone 'Asia/Ho_Chi_Minh' as date)" -%}
    {%- do hints.update({
      "ambiguous_date": "'ngày ' || day(" ~ day ~ ") || ' tháng ' || month(" ~ day ~ ") || ' hay ngày ' || month(" ~ day
        ~ ") || ' tháng ' || day(" ~ day ~ ")"
    }) -%}
  {%- endif -%}
  {%- if hints -%}
    case "{{ field.name }}__reason"
      {%- for reason, hint in hints.items() %} when '{{ reason }}' then {{ hint }}{%- endfor %} end
  {%- else -%}
    cast(null as varchar)
  {%- endif -%}
{%- endmacro %}
