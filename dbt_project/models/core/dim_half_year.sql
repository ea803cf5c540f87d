with half_years as (
  select * from {{ ref("int_half_years_covered") }}
),

periods as (
  select * from {{ ref("dim_period") }}
),

final as (
  select
    half_years.period_end,
    half_years.period_code,
    periods.label_vi,
    half_years.period_start,
    half_years.year
  from half_years
  inner join periods using (period_code)
)

select * from final
