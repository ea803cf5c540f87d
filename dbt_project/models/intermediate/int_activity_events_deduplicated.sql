{{ config(**by_unit({"stg_activity_log": none}, unique_key="event_id")) }}

{% if is_brought_up_to_date() -%}
-- A later export may give an event to another unit.
with told_anew as (
  {{ keys_looked_at_anew("event_id", ref("stg_activity_log")) }}
),

events as (
  select logged.*
  from {{ ref("stg_activity_log") }} as logged
  inner join told_anew
    on logged.event_id = told_anew.event_id
),
{%- else -%}
with events as (
  select * from {{ ref("stg_activity_log") }}
),
{%- endif %}

submissions as (
  select * from {{ ref("stg_submissions") }}
),

half_years as (
  select
    period_code,
    period_start,
    period_end
  from {{ ref("reporting_periods") }}
  where period_kind = 'half_year'
),

ranked as (
  select
    events.*,
    submissions.received_at,
    row_number() over (
      partition by events.event_id
      order by
        submissions.received_at desc,
        submissions.submission_order desc,
        events.sheet_number desc,
        events.row_number desc
    ) as export_from_last
  from events
  inner join submissions using (submission_id)
),

final as (
  select
    ranked.*,
    half_years.period_code,
    {{ row_key("ranked") }} as row_key
  from ranked
  left join half_years
    on ranked.occurred_on between half_years.period_start and half_years.period_end
  where ranked.export_from_last = 1
)

select * from final
