with unit_half_years as (
  select * from {{ ref("int_unit_half_years_expected") }}
  where is_expected
),

expected_forms as (
  select * from {{ ref("expected_forms") }}
  where period_kind = 'half_year'
),

final as (
  select
    unit_half_years.unit_key,
    unit_half_years.unit_name,
    unit_half_years.period_code,
    expected_forms.form_name,
    expected_forms.label_vi as form_label_vi,
    cast(unit_half_years.period_end + expected_forms.due_days_after_period_end as date) as due_on,
    {{ vietnam_midnight("unit_half_years.period_end + expected_forms.due_days_after_period_end + 1") }} as due_before
  from unit_half_years
  inner join expected_forms using (unit_kind)
)

select * from final
