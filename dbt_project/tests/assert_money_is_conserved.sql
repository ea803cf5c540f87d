-- The law of conservation for money, from the rows as validated to the facts. What a submission tells of in đồng is in
-- the facts, or waits in quarantine, or was replaced by a newer return, or is repeated of another return, or is told
-- once more by a later export of the event or by the return. Only rows that a rule names may be missing; đồng that no
-- rule explains shows here.
{%- set facts_of_forms = {
  "trainings": ("fct_trainings", {"cost_vnd": "cost_vnd"}, "true"),
  "support_funds": ("fct_support_funds", {"amount_vnd": "amount_vnd"}, "true"),
  "movement_activities": (
    "fct_movement_activities",
    {"cost_vnd": "amount_vnd", "quantity": "case when uom = 'vnd' then quantity end"},
    "told_by = 'return'"
  ),
  "activity_log": (
    "fct_movement_activities",
    {"amount_vnd": "amount_vnd", "quantity": "case when uom = 'vnd' then quantity end"},
    "told_by = 'log'"
  ),
} %}
{%- set money_reported = [] %}
{%- for form_name in form_names() %}
{%- for field in form_contract(form_name).fields %}
{%- if field.is_money %}
{%- set _ = money_reported.append((form_name, field.name, field.name)) %}
{%- elif field.measured_in %}
{#- What was raised may be written as a quantity whose unit of measure is đồng. #}
{%- set quantity = "cast(" ~ field.name ~ " * coalesce(" ~ field.measured_in ~ "_factor, 1) as decimal(20, 3))" %}
{%- set in_dong = "case when " ~ field.measured_in ~ " = 'vnd' then " ~ quantity ~ " end" %}
{%- set _ = money_reported.append((form_name, field.name, in_dong)) %}
{%- endif %}
{%- endfor %}
{%- endfor %}
with money_reported as (
  {%- for form_name, field_name, money in money_reported %}
  select
    submission_id,
    sheet_number,
    row_number,
    is_valid,
    {{ "event_id" if form_name == "activity_log" else "cast(null as string)" }} as event_id,
    {{ "unit_key" if form_name == "activity_log" else "cast(null as string)" }} as event_unit_key,
    '{{ form_name }}' as form_name,
    '{{ field_name }}' as field_name,
    cast({{ money }} as decimal(20, 3)) as money
  from ({{ known_rows(form_name) }})
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

submissions as (
  select * from {{ ref("fct_submissions") }}
),

events as (
  select * from {{ ref("int_activity_events_deduplicated") }}
),

activities_of_returns as (
  select distinct
    unit_key,
    held_on,
    programme_code,
    activity_type,
    coalesce(uom, '') as uom_code
  from {{ ref("fct_movement_activities") }}
  where told_by = 'return'
),

explained as (
  select
    money_reported.*,
    case
      when not money_reported.is_valid then 'quarantined'
      when not submissions.is_current then 'replaced'
      when repeated.submission_id is not null then 'repeated'
      when events.row_key <> {{ row_key("money_reported") }} then 'exported again'
      when activities_of_returns.unit_key is not null then 'told by the return'
    end as why_not_counted
  from money_reported
  inner join submissions using (submission_id, form_name)
  left join {{ ref("int_rows_repeated") }} as repeated
    on money_reported.submission_id = repeated.submission_id
    and money_reported.form_name = repeated.form_name
    and money_reported.sheet_number = repeated.sheet_number
    and money_reported.row_number = repeated.row_number
  left join events
    on money_reported.event_id = events.event_id
    and money_reported.event_unit_key = events.unit_key
  left join activities_of_returns
    on events.unit_key = activities_of_returns.unit_key
    and events.occurred_on = activities_of_returns.held_on
    and events.programme_code = activities_of_returns.programme_code
    and events.activity_type = activities_of_returns.activity_type
    and coalesce(events.uom, '') = activities_of_returns.uom_code
  where money_reported.money is not null
),

reported as (
  select
    submission_id,
    form_name,
    field_name,
    sum(money) as reported_vnd,
    coalesce(sum(case when why_not_counted is not null then money end), 0) as not_counted_vnd
  from explained
  group by submission_id, form_name, field_name
),

money_counted as (
  {%- for form_name, (fact, columns, is_of_form) in facts_of_forms.items() %}
  {%- set outer = loop %}
  {%- for field_name, money in columns.items() %}
  select
    submission_id,
    '{{ form_name }}' as form_name,
    '{{ field_name }}' as field_name,
    {{ money }} as money
  from {{ ref(fact) }}
  where {{ is_of_form }}
  {%- if not (outer.last and loop.last) %}
  union all
  {%- endif %}
  {%- endfor %}
  {%- endfor %}
),

counted as (
  select
    submission_id,
    form_name,
    field_name,
    sum(money) as counted_vnd
  from money_counted
  where money is not null
  group by submission_id, form_name, field_name
)

select
  submission_id,
  form_name,
  field_name,
  reported.reported_vnd,
  reported.not_counted_vnd,
  counted.counted_vnd
from reported
full outer join counted using (submission_id, form_name, field_name)
where coalesce(reported.reported_vnd, 0) <> coalesce(reported.not_counted_vnd, 0) + coalesce(counted.counted_vnd, 0)
