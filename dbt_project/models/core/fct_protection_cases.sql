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

reported as (
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
    reported.unit_key,
    reported.period_code,
    cast(coalesce(cases.case_count, 0) as integer) as case_count
  from reported
  left join cases
    on reported.unit_key = cases.unit_key
    and reported.period_code = cases.period_code
)

select * from final
