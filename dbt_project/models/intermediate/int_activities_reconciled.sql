{{ config(**by_unit({
  "int_movement_activities_attributed": "by_unit",
  "int_activity_events_deduplicated": "by_unit",
})) }}

with reported as (
  select * from {{ ref("int_movement_activities_attributed") }}
  where {{ of_stale_units("unit_key") }}
),

logged as (
  select * from {{ ref("int_activity_events_deduplicated") }}
  where {{ of_stale_units("unit_key") }}
),

reported_keys as (
  select
    unit_key,
    held_on,
    programme_code,
    activity_type,
    coalesce(uom, '') as uom_code
  from reported
  group by unit_key, held_on, programme_code, activity_type, coalesce(uom, '')
),

logged_keys as (
  select
    unit_key,
    occurred_on as held_on,
    programme_code,
    activity_type,
    coalesce(uom, '') as uom_code
  from logged
  group by unit_key, occurred_on, programme_code, activity_type, coalesce(uom, '')
),

-- The return's figures win: what it reports counts, row by row; a log event counts only where no return
-- tells of the same activity (same unit, day, programme, type and unit of measure).
from_returns as (
  select
    reported.row_key as activity_key,
    'return' as told_by,
    logged_keys.unit_key is not null as is_told_twice,
    reported.submission_id,
    reported.sheet_number,
    reported.row_number,
    cast(null as string) as event_id,
    reported.unit_key,
    reported.period_code,
    reported.return_period_code,
    reported.held_on,
    reported.programme_code,
    reported.activity_type,
    reported.description,
    reported.village,
    reported.participants,
    reported.quantity,
    reported.uom,
    reported.cost_vnd as amount_vnd
  from reported
  left join logged_keys
    on reported.unit_key = logged_keys.unit_key
    and reported.held_on = logged_keys.held_on
    and reported.programme_code = logged_keys.programme_code
    and reported.activity_type = logged_keys.activity_type
    and coalesce(reported.uom, '') = logged_keys.uom_code
),

from_logs as (
  select
    logged.row_key as activity_key,
    'log' as told_by,
    false as is_told_twice,
    logged.submission_id,
    logged.sheet_number,
    logged.row_number,
    logged.event_id,
    logged.unit_key,
    logged.period_code,
    cast(null as string) as return_period_code,
    logged.occurred_on as held_on,
    logged.programme_code,
    logged.activity_type,
    cast(null as string) as description,
    logged.village,
    logged.participants,
    logged.quantity,
    logged.uom,
    logged.amount_vnd
  from logged
  left join reported_keys
    on logged.unit_key = reported_keys.unit_key
    and logged.occurred_on = reported_keys.held_on
    and logged.programme_code = reported_keys.programme_code
    and logged.activity_type = reported_keys.activity_type
    and coalesce(logged.uom, '') = reported_keys.uom_code
  where reported_keys.unit_key is null
),

counted_once as (
  select * from from_returns
  union all
  select * from from_logs
),

final as (
  select
    *,
    case
      when activity_type = 'fundraising' then case when uom = 'vnd' then quantity else amount_vnd end
    end as raised_vnd
  from counted_once
)

select * from final
