with club_reports as (
  select * from {{ ref("fct_clubs") }}
),

units as (
  select * from {{ ref("dim_unit") }}
),

half_years as (
  select * from {{ ref("dim_period") }}
  where period_kind = 'half_year'
),

-- The newest return of a unit, and of those that went into it, says which of its clubs run.
reported as (
  select
    club_reports.*,
    coalesce(units.current_unit_key, club_reports.unit_key) as current_unit_key,
    row_number() over (
      partition by club_reports.club_key
      order by club_reports.period_code desc, club_reports.club_report_key desc
    ) as report_from_last,
    min(club_reports.period_code) over (partition by club_reports.club_key) as first_period_code,
    max(club_reports.period_code) over (
      partition by coalesce(units.current_unit_key, club_reports.unit_key)
    ) as newest_period_code
  from club_reports
  inner join units
    on club_reports.unit_key = units.unit_key
),

final as (
  select
    reported.club_key,
    reported.club_name,
    reported.club_kind,
    reported.current_unit_key as unit_key,
    units.unit_label,
    reported.programme_code,
    reported.founded_on,
    reported.first_period_code,
    reported.period_code as last_period_code,
    reported.club_status as last_club_status,
    reported.members as last_members,
    reported.is_running and reported.period_code = reported.newest_period_code as is_running,
    half_years.period_code as founded_period_code
  from reported
  inner join units
    on reported.current_unit_key = units.unit_key
  left join half_years
    on reported.founded_on between half_years.period_start and half_years.period_end
  where reported.report_from_last = 1
)

select * from final
