with submissions as (
  select * from {{ ref("int_submissions_ranked") }}
),

events as (
  select * from {{ ref("int_activity_events_deduplicated") }}
),

returned as (
  select
    unit_key,
    period_code,
    form_name,
    1 as is_returned
  from submissions
  where is_current and unit_key is not null and period_code is not null
),

-- A log tells of movement activities too, but only of those that it holds: it is no return.
logged as (
  select
    unit_key,
    period_code,
    'movement_activities' as form_name,
    0 as is_returned
  from events
  where period_code is not null
  group by unit_key, period_code
),

reported as (
  select * from returned
  union all
  select * from logged
),

final as (
  select
    unit_key,
    period_code,
    form_name,
    max(is_returned) = 1 as is_returned
  from reported
  group by unit_key, period_code, form_name
)

select * from final
