with submissions as (
  select * from {{ ref("int_submissions_ranked") }}
),

events as (
  select * from {{ ref("int_activity_events_deduplicated") }}
),

half_years as (
  select * from {{ ref("reporting_periods") }}
  where period_kind = 'half_year'
),

events_of_returns as (
  {%- for form_name in forms_of_half_years() %}
  select
    submission_id,
    period_code
  from {{ ref("int_" ~ form_name ~ "_attributed") }}
  where period_code is not null
  group by submission_id, period_code
  {%- if not loop.last %}
  union
  {%- endif %}
  {%- endfor %}
),

-- A mistyped year must not open a half-year: an event opens one only if it lies before its own arrival.
reported as (
  select period_code from submissions
  where is_current and period_code is not null
  group by period_code
  union
  select period_code from events
  where occurred_on <= cast(received_at as date) + 1
  group by period_code
  union
  select events_of_returns.period_code
  from events_of_returns
  inner join submissions on events_of_returns.submission_id = submissions.submission_id
  inner join half_years on events_of_returns.period_code = half_years.period_code
  where half_years.period_start <= cast(submissions.received_at as date)
  group by events_of_returns.period_code
),

span as (
  select
    min(half_years.period_start) as first_day,
    max(half_years.period_end) as last_day
  from half_years
  inner join reported using (period_code)
),

final as (
  select
    half_years.period_code,
    half_years.year,
    half_years.period_start,
    half_years.period_end,
    cast(row_number() over (order by half_years.period_start) as integer) as sequence_number
  from half_years
  inner join span
    on half_years.period_start >= span.first_day
    and half_years.period_end <= span.last_day
)

select * from final
