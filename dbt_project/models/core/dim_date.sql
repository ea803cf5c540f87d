with days as (
  select * from {{ ref("stg_days") }}
),

half_years as (
  select * from {{ ref("dim_period") }}
  where period_kind = 'half_year'
),

holidays as (
  select * from {{ ref("holidays") }}
),

final as (
  select
    days.day_on,
    cast(year(days.day_on) as integer) as calendar_year,
    cast(quarter(days.day_on) as integer) as calendar_quarter,
    cast(month(days.day_on) as integer) as calendar_month,
    'Quý '
    || case quarter(days.day_on) when 1 then 'I' when 2 then 'II' when 3 then 'III' else 'IV' end
    || '/' || cast(year(days.day_on) as string) as quarter_label_vi,
    'Tháng ' || cast(month(days.day_on) as string) || '/' || cast(year(days.day_on) as string) as month_label_vi,
    days.weekday_number,
    case days.weekday_number
      when 1 then 'Thứ hai'
      when 2 then 'Thứ ba'
      when 3 then 'Thứ tư'
      when 4 then 'Thứ năm'
      when 5 then 'Thứ sáu'
      when 6 then 'Thứ bảy'
      else 'Chủ nhật'
    end as weekday_label_vi,
    half_years.period_code,
    half_years.label_vi as period_label_vi,
    half_years.year_period_code,
    days.weekday_number <= 5 and holidays.day_on is null as is_working_day,
    holidays.day_on is not null as is_holiday,
    holidays.label_vi as holiday_label_vi,
    coalesce(holidays.holiday_kind = 'tet', false) as is_tet
  from days
  inner join half_years
    on days.day_on between half_years.period_start and half_years.period_end
  left join holidays
    on days.day_on = holidays.day_on
)

select * from final
