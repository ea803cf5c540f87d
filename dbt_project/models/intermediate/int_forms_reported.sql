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
    form_name
  from submissions
  where is_current and unit_key is not null and period_code is not null
),

-- For movement activities the log is a report as well.
logged as (
  select
    unit_key,
    period_code,
    'movement_activities' as form_name
  from events
  where period_code is not null
  group by unit_key, period_code
),

final as (
  select * from returned
  union
  select * from logged
)

select * from final
