with forms_reported as (
  select * from {{ ref("int_forms_reported") }}
  where form_name = 'protection_cases'
),

cases as (
  select
    unit_key,
    period_code,
    count(*) as case_count
  from {{ ref("int_protection_cases_attributed") }}
  where period_code is not null
  group by unit_key, period_code
),

told_of as (
  select
    unit_key,
    period_code
  from forms_reported
  union
  select
    unit_key,
    period_code
  from cases
),

final as (
  select
    told_of.unit_key,
    told_of.period_code,
    cast(coalesce(cases.case_count, 0) as integer) as case_count
  from told_of
  left join cases
    on told_of.unit_key = cases.unit_key
    and told_of.period_code = cases.period_code
)

select * from final
