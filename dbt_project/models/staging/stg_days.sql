with bounds as (
  select
    min(period_start) as first_day,
    max(period_end) as last_day
  from {{ ref("reporting_periods") }}
),

days as (
  select unnest(generate_series(first_day, last_day, interval 1 day))::date as day_on
  from bounds
),

final as (
  select
    day_on,
    isodow(day_on)::integer as weekday_number
  from days
)

select * from final
