{#- What a row of a form says, as one text that can be compared: every value that the form has but ticks and remarks, or what
    tells which event it is (its day, and whatever else must be filled in and is no figure). -#}
{% macro row_words(form_name, relation, is_identity=false) -%}
  {%- set words = [] -%}
  {%- for field in form_contract(form_name).fields if field.name != "note" -%}
    {%- set is_figure = field.type in ["integer", "number"] -%}
    {%- if not is_identity or (field.required and not is_figure) -%}
      {%- if reading_of(field) == "year" -%}
        {%- for part in ["_year", "_on"] -%}
          {%- do words.append("cast(" ~ relation ~ "." ~ field.name ~ part ~ " as string)") -%}
        {%- endfor -%}
      {%- elif field.is_open_choice -%}
        {%- do words.append(fold(relation ~ "." ~ field.name ~ "_text")) -%}
      {%- elif reading_of(field) == "words" -%}
        {%- do words.append(fold(relation ~ "." ~ field.name)) -%}
      {%- elif field.type != "boolean" -%}
        {%- do words.append("cast(" ~ relation ~ "." ~ typed_name(field) ~ " as string)") -%}
      {%- endif -%}
    {%- endif -%}
  {%- endfor -%}
  {%- for word in words -%}
    coalesce({{ word }}, '')
    {%- if not loop.last %} || '|' || {% endif -%}
  {%- endfor -%}
{%- endmacro %}

{#- The forms of a half-year, whose rows tell of events: those that a unit sends as a whole, and that name a day. -#}
{% macro forms_of_half_years() -%}
  {%- set found = [] -%}
  {%- for form_name in form_names() -%}
    {%- set contract = form_contract(form_name) -%}
    {%- if contract.attributed_by == "file" and contract.event_date -%}
      {%- do found.append(form_name) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(found) }}
{%- endmacro %}

{#- Where the event of a row falls: the day that its contract names; a club has one only while it is new, and an event of
    a log has the day in Việt Nam of its moment. -#}
{% macro event_of(form_name, relation) -%}
  {%- set moment = relation ~ "." ~ form_contract(form_name).event_date -%}
  {%- if form_name == "clubs" -%}
    case when {{ relation }}.status = 'new' then {{ moment }} end
  {%- elif form_name == "activity_log" -%}
    cast({{ moment }} at time zone 'Asia/Ho_Chi_Minh' as date)
  {%- else -%}
    {{ moment }}
  {%- endif -%}
{%- endmacro %}

{#- The field of a form, if it has one, that tells how many people its rows tell of. -#}
{% macro fields_of_people() -%}
  {{ return({
    "clubs": "members", "trainings": "trainees", "support_funds": "beneficiaries", "movement_activities": "participants"
  }) }}
{%- endmacro %}

{#- How many people and how much money a row of a form tells of; a change of members is one person. -#}
{% macro people_and_money(form_name, relation) -%}
  {%- set people = fields_of_people() -%}
  {%- set money = form_contract(form_name).fields | selectattr("is_money") | map(attribute="name") | list -%}
  cast({{
    "1" if form_name == "member_changes" else relation ~ "." ~ people[form_name] if form_name in people else "null"
  }} as bigint) as people,
  cast({{ relation ~ "." ~ money[0] if money else "null" }} as decimal(20, 3)) as amount_vnd
{%- endmacro %}
