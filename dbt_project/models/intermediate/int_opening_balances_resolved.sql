with opening_balances as (
  select * from {{ ref("stg_opening_balances") }}
),

submissions as (
  select * from {{ ref("int_submissions_ranked") }}
),

half_years as (
  select * from {{ ref("reporting_periods") }}
  where period_kind = 'half_year'
),

units as (
  select
    unit_key,
    valid_from
  from {{ ref("units") }}
),

-- A count holds at the end of its day; one of the first day of a half-year, or of a unit, is what that begins with.
days as (
  select
    opening_balances.*,
    submissions.arrival_order,
    submissions.submission_order,
    case
      when opening_balances.as_of = units.valid_from then half_years.period_start
      when opening_balances.as_of = half_years.period_start then opening_balances.as_of
      else opening_balances.as_of + 1
    end as holds_from
  from opening_balances
  inner join submissions
    on opening_balances.submission_id = submissions.submission_id
    and submissions.form_name = 'opening_balances'
    and opening_balances.unit_key || ' ' || cast(opening_balances.as_of as string) = submissions.scope_key
    and submissions.is_current
  left join half_years
    on opening_balances.as_of between half_years.period_start and half_years.period_end
  left join units
    on opening_balances.unit_key = units.unit_key
),

-- A newer file means its own day only, so that a count of years later does not wipe out the first one; a file that
-- names a unit twice means its last line.
numbered as (
  select
    days.*,
    half_years.period_code,
    half_years.period_start,
    row_number() over (
      partition by days.unit_key, days.holds_from
      order by
        coalesce(days.arrival_order, days.submission_order) desc, days.as_of desc, days.sheet_number desc,
        days.row_number desc
    ) as count_from_last
  from days
  inner join half_years
    on days.holds_from between half_years.period_start and half_years.period_end
),

final as (
  select
    unit_key,
    holds_from,
    period_code,
    period_start,
    as_of,
    members,
    members_minority,
    core_members,
    submission_id,
    sheet_number,
    row_number
  from numbered
  where count_from_last = 1
)

select * from final
