-- The review's new members are the rows of the facts: no filter or join on the way may drop or double them.
with facts as (
  select
    period_code,
    count(*) as joined_count
  from {{ ref("fct_membership_changes") }}
  where change_type = 'joined'
  group by period_code
),

review as (
  select
    period_code,
    sum(value) as value
  from {{ ref("halfyear_review") }}
  where is_area_total and indicator_code = 'new_members'
  group by period_code
)

select
  review.period_code,
  review.value,
  facts.joined_count
from review
left join facts using (period_code)
where coalesce(review.value, 0) <> coalesce(facts.joined_count, 0)
