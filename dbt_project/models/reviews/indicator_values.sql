with indicator_values as (
  select * from {{ ref("int_indicator_values") }}
),

final as (
  select
    unit_key,
    period_code,
    indicator_code,
    programme_code,
    is_area_total,
    value,
    reporting_unit_count,
    expected_unit_count
  from indicator_values
)

select * from final
