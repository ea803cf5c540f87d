{#- What a withdrawal or a taking back bears on: a return tells of its own half-year and of those that its events are
    dated in, a log of its events' units, a count of members of the half-year that it opens. -#}
{%- set forms_of_returns = forms_of_half_years() -%}
with decided_on as (
  select submission_id
  from {{ ref("stg_withdrawals") }}
  group by submission_id
),

submissions as (
  select submissions_received.*
  from {{ ref("stg_submissions_received") }} as submissions_received
  inner join decided_on using (submission_id)
),

sheet_tables as (
  select
    submission_id,
    form_name
  from {{ ref("stg_sheet_tables") }}
  where form_name is not null
),

half_years as (
  select
    period_code,
    period_start,
    period_end
  from {{ ref("reporting_periods") }}
  where period_kind = 'half_year'
),

days as (
  {%- for form_name in forms_of_returns %}
  select
    submissions.submission_id,
    '{{ form_name }}' as form_name,
    submissions.unit_key,
    validated_rows.{{ form_contract(form_name).event_date }} as event_on
  from {{ ref("stg_" ~ form_name ~ "__validated") }} as validated_rows
  inner join submissions using (submission_id)
  where validated_rows.is_valid
  union
  {%- endfor %}
  select
    submissions.submission_id,
    'activity_log' as form_name,
    validated_rows.unit_key,
    cast(validated_rows.occurred_at at time zone 'Asia/Ho_Chi_Minh' as date) as event_on
  from {{ ref("stg_activity_log__validated") }} as validated_rows
  inner join submissions using (submission_id)
  where validated_rows.is_valid
  union
  select
    submissions.submission_id,
    'opening_balances' as form_name,
    validated_rows.unit_key,
    validated_rows.as_of + 1 as event_on
  from {{ ref("stg_opening_balances__validated") }} as validated_rows
  inner join submissions using (submission_id)
  where validated_rows.is_valid
),

final as (
  select
    submissions.submission_id,
    sheet_tables.form_name,
    submissions.unit_key,
    submissions.period_code
  from submissions
  inner join sheet_tables using (submission_id)
  where submissions.unit_key is not null and submissions.period_code is not null
  union
  select
    days.submission_id,
    days.form_name,
    days.unit_key,
    half_years.period_code
  from days
  inner join half_years
    on days.event_on between half_years.period_start and half_years.period_end
  where days.unit_key is not null
)

select * from final
