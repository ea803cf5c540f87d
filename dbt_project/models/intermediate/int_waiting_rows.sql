with waiting as (
  select * from {{ ref("stg_waiting_rows") }}
),

submissions as (
  select * from {{ ref("int_submissions_ranked") }}
  where is_current
),

events as (
  select
    unit_key,
    event_id
  from {{ ref("int_activity_events_deduplicated") }}
),

balance_half_years as (
  select * from {{ ref("int_balance_half_years") }}
),

half_years as (
  select
    period_code,
    period_start,
    period_end
  from {{ ref("reporting_periods") }}
  where period_kind = 'half_year'
),

-- A row of a return waits for the half-year of its event where that could be read, else for that of the return.
placed as (
  select
    waiting.*,
    submissions.unit_key as return_unit_key,
    submissions.period_code as return_period_code,
    submissions.arrival_order,
    half_years.period_code as event_period_code,
    {{ row_key("waiting") }} as row_key
  from waiting
  inner join submissions
    on waiting.submission_id = submissions.submission_id
    and waiting.form_name = submissions.form_name
  left join half_years
    on waiting.event_on between half_years.period_start and half_years.period_end
),

-- A log is exported again and again: an event that a later export tells well waits no more, and one that all of them
-- tell badly waits once.
logged as (
  select
    placed.*,
    row_number() over (
      partition by placed.unit_key, coalesce(placed.event_id, placed.row_key)
      order by placed.arrival_order desc, placed.sheet_number desc, placed.row_number desc
    ) as export_from_last
  from placed
  left join events
    on placed.unit_key = events.unit_key
    and placed.event_id = events.event_id
  where placed.form_name = 'activity_log' and events.event_id is null
),

-- A change of members is missing in every balance that goes on from its half-year.
lacking_in_balances as (
  select
    placed.*,
    coalesce(balance_half_years.unit_key, placed.return_unit_key) as balance_unit_key,
    coalesce(balance_half_years.period_code, placed.event_period_code, placed.return_period_code)
      as balance_period_code
  from placed
  left join balance_half_years
    on placed.return_unit_key = balance_half_years.from_unit_key
    and coalesce(placed.event_period_code, placed.return_period_code) = balance_half_years.from_period_code
  where placed.form_name = 'member_changes'
),

based as (
  select
    return_unit_key as unit_key,
    coalesce(event_period_code, return_period_code) as period_code,
    form_name,
    'flow' as basis,
    row_key,
    {{ measured_attributes() | join(", ") }}
  from placed
  where form_name <> 'activity_log'
  union all
  select
    return_unit_key as unit_key,
    return_period_code as period_code,
    form_name,
    'stock' as basis,
    row_key,
    {{ measured_attributes() | join(", ") }}
  from placed
  where form_name not in ('activity_log', 'member_changes')
  union all
  select
    balance_unit_key as unit_key,
    balance_period_code as period_code,
    form_name,
    'stock' as basis,
    row_key,
    {{ measured_attributes() | join(", ") }}
  from lacking_in_balances
  union all
  select
    unit_key,
    event_period_code as period_code,
    'movement_activities' as form_name,
    'flow' as basis,
    row_key,
    {{ measured_attributes() | join(", ") }}
  from logged
  where export_from_last = 1
),

final as (
  select * from based
  where unit_key is not null and period_code is not null
)

select * from final
