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

-- The half-year that a count opens is the one of the day after it. A newer file means its own day only, so that a count
-- of years later does not wipe out the first one; a file that names a unit twice means its last line.
opened as (
  select
    opening_balances.unit_key,
    half_years.period_code,
    half_years.period_start,
    opening_balances.as_of,
    opening_balances.members,
    opening_balances.members_minority,
    opening_balances.core_members,
    opening_balances.submission_id,
    opening_balances.sheet_number,
    opening_balances.row_number,
    row_number() over (
      partition by opening_balances.unit_key, half_years.period_code
      order by
        submissions.submission_order desc, opening_balances.sheet_number desc, opening_balances.row_number desc
    ) as count_from_last
  from opening_balances
  inner join submissions
    on opening_balances.submission_id = submissions.submission_id
    and submissions.form_name = 'opening_balances'
    and opening_balances.unit_key || ' ' || cast(opening_balances.as_of as string) = submissions.scope_key
    and submissions.is_current
  inner join half_years
    on opening_balances.as_of + 1 between half_years.period_start and half_years.period_end
),

final as (
  select
    unit_key,
    period_code,
    period_start,
    as_of,
    members,
    members_minority,
    core_members,
    submission_id,
    sheet_number,
    row_number,
    row_number() over (partition by unit_key order by period_start) = 1 as is_first
  from opened
  where count_from_last = 1
)

select * from final
