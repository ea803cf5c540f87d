with targets as (
  select * from {{ ref("stg_targets") }}
),

submissions as (
  select * from {{ ref("int_submissions_ranked") }}
),

periods as (
  select
    period_code,
    year,
    case
      when period_kind = 'year' then 'year'
      when period_code like '%H1' then 'first_half'
      else 'second_half'
    end as target_period
  from {{ ref("reporting_periods") }}
),

districts as (
  select unit_key from {{ ref("units") }}
  where unit_level = 'district'
),

current_targets as (
  select
    targets.*,
    coalesce(targets.period, 'year') as target_period,
    coalesce(targets.unit_key, districts.unit_key) as target_unit_key,
    submissions.arrival_order
  from targets
  inner join submissions
    on targets.submission_id = submissions.submission_id
    and submissions.form_name = 'targets'
    and cast(targets.year as string) = submissions.scope_key
    and submissions.is_current
  -- a target that names no unit is the district's
  left join districts
    on targets.unit_key is null
  where coalesce(targets.unit_key, districts.unit_key) is not null
),

final as (
  select
    current_targets.target_unit_key as unit_key,
    periods.period_code,
    current_targets.indicator_code,
    current_targets.target,
    current_targets.submission_id,
    current_targets.sheet_number,
    current_targets.row_number,
    row_number() over (
      partition by current_targets.target_unit_key, periods.period_code, current_targets.indicator_code
      order by
        current_targets.arrival_order desc, current_targets.sheet_number desc, current_targets.row_number desc
    ) as line_from_last
  from current_targets
  inner join periods
    on current_targets.year = periods.year
    and current_targets.target_period = periods.target_period
)

select * from final
