with periods as (
  select * from {{ ref("reporting_periods") }}
),

covered as (
  select period_code from {{ ref("int_half_years_covered") }}
),

years_covered as (
  select distinct periods.year
  from periods
  inner join covered using (period_code)
),

final as (
  select
    periods.period_code,
    periods.label_vi,
    periods.year,
    periods.period_kind,
    periods.period_start,
    periods.period_end,
    last_year.period_code as last_year_period_code,
    whole_year.period_code as year_period_code,
    covered.period_code is not null or (
      periods.period_kind = 'year' and years_covered.year is not null
    ) as has_data,
    periods.period_end < {{ day_known() }} as has_ended
  from periods
  left join periods as last_year
    on periods.period_kind = last_year.period_kind
    and periods.year = last_year.year + 1
    and substr(periods.period_code, 5) = substr(last_year.period_code, 5)
  left join periods as whole_year
    on periods.year = whole_year.year
    and whole_year.period_kind = 'year'
  left join covered
    on periods.period_code = covered.period_code
  left join years_covered
    on periods.year = years_covered.year
)

select * from final
