{{ config(**by_unit({"stg_activity_log": none})) }}

with events as (
  select * from {{ ref("stg_activity_log") }}
  where {{ of_stale_units("unit_key") }}
),

submissions as (
  select * from {{ ref("stg_submissions") }}
),

half_year_days as (
  {{ half_year_days() }}
),

ranked as (
  select
    events.*,
    submissions.received_at,
    row_number() over (
      partition by events.unit_key, events.event_id
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
    half_year_days.period_code,
    {{ row_key("ranked") }} as row_key
  from ranked
  left join half_year_days
    on ranked.occurred_on = half_year_days.day_on
  where ranked.export_from_last = 1
)

select * from final
