{{ config(**by_unit({
  "int_movement_activities_attributed": "by_unit",
  "int_activity_events_deduplicated": "by_unit",
})) }}

with reported as (
  select
    unit_key,
    held_on,
    programme_code,
    activity_type,
    coalesce(uom, '') as uom_code,
    count(*) as row_count,
    sum(participants) as participants,
    sum(quantity) as quantity,
    sum(cost_vnd) as amount_vnd,
    min(period_code) as period_code,
    min(submission_id) as submission_id
  from {{ ref("int_movement_activities_attributed") }}
  where {{ of_stale_units("unit_key") }}
  group by unit_key, held_on, programme_code, activity_type, coalesce(uom, '')
),

logged as (
  select
    unit_key,
    occurred_on as held_on,
    programme_code,
    activity_type,
    coalesce(uom, '') as uom_code,
    count(*) as event_count,
    sum(participants) as participants,
    sum(quantity) as quantity,
    sum(amount_vnd) as amount_vnd,
    {{ joined_text("event_id") }} as event_ids
  from {{ ref("int_activity_events_deduplicated") }}
  where {{ of_stale_units("unit_key") }}
  group by unit_key, occurred_on, programme_code, activity_type, coalesce(uom, '')
),

units as (
  select * from {{ ref("dim_unit") }}
),

periods as (
  select * from {{ ref("dim_period") }}
),

codes as (
  select * from {{ ref("dim_code") }}
),

final as (
  select
    reported.unit_key,
    units.unit_name,
    reported.period_code,
    reported.held_on,
    reported.programme_code,
    reported.activity_type,
    nullif(reported.uom_code, '') as uom,
    cast(reported.row_count as integer) as return_row_count,
    cast(logged.event_count as integer) as log_event_count,
    cast(reported.participants as bigint) as return_participants,
    cast(logged.participants as bigint) as log_participants,
    cast(reported.quantity as decimal(20, 3)) as return_quantity,
    cast(logged.quantity as decimal(20, 3)) as log_quantity,
    cast(reported.amount_vnd as decimal(20, 3)) as return_amount_vnd,
    cast(logged.amount_vnd as decimal(20, 3)) as log_amount_vnd,
    reported.row_count = logged.event_count
    and coalesce(reported.participants, 0) = coalesce(logged.participants, 0)
    and coalesce(reported.quantity, 0) = coalesce(logged.quantity, 0)
    and coalesce(reported.amount_vnd, 0) = coalesce(logged.amount_vnd, 0) as is_agreed,
    reported.submission_id,
    logged.event_ids,
    periods.label_vi as period_label_vi,
    programme_labels.label_vi as programme_label_vi,
    activity_labels.label_vi as activity_label_vi,
    uom_labels.label_vi as uom_label_vi
  from reported
  inner join logged
    on reported.unit_key = logged.unit_key
    and reported.held_on = logged.held_on
    and reported.programme_code = logged.programme_code
    and reported.activity_type = logged.activity_type
    and reported.uom_code = logged.uom_code
  inner join units
    on reported.unit_key = units.unit_key
  left join periods
    on reported.period_code = periods.period_code
  left join codes as programme_labels
    on programme_labels.domain = 'programme'
    and reported.programme_code = programme_labels.code
  left join codes as activity_labels
    on activity_labels.domain = 'activity_type'
    and reported.activity_type = activity_labels.code
  left join codes as uom_labels
    on uom_labels.domain = 'uom'
    and reported.uom_code = uom_labels.code
)

select * from final
