-- The last step of the way of money: what facts hold of support, loans and money from scrap is in the reviews, for
-- every unit and half-year. Only an event dated in a half-year that nobody has reported yet is in no review.
-- That sources add up to these figures is tested beside it.
with half_years as (
  select period_code from {{ ref("int_half_years_covered") }}
),

money as (
  select
    unit_key,
    period_code,
    'support_and_loans' as what,
    amount_vnd
  from {{ ref("fct_support_funds") }}
  union all
  select
    unit_key,
    period_code,
    'scrap_money' as what,
    case when uom = 'vnd' then quantity else amount_vnd end as amount_vnd
  from {{ ref("fct_movement_activities") }}
  where programme_code = 'plastic_waste' and activity_type = 'fundraising'
),

facts as (
  select
    money.unit_key,
    money.period_code,
    money.what,
    sum(money.amount_vnd) as amount_vnd
  from money
  inner join half_years
    on money.period_code = half_years.period_code
  group by money.unit_key, money.period_code, money.what
),

reviews as (
  select
    unit_key,
    period_code,
    case when indicator_code = 'scrap_money_vnd' then 'scrap_money' else 'support_and_loans' end as what,
    sum(value) as amount_vnd
  from {{ ref("halfyear_review") }}
  where indicator_code in ('support_total_vnd', 'loans_vnd', 'scrap_money_vnd') and not is_area_total
  group by unit_key, period_code, what
)

select
  unit_key,
  period_code,
  what,
  facts.amount_vnd as facts_vnd,
  reviews.amount_vnd as reviews_vnd
from facts
full outer join reviews using (unit_key, period_code, what)
where coalesce(facts.amount_vnd, 0) <> coalesce(reviews.amount_vnd, 0)
