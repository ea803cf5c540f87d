{{ config(materialized=materialized_when_read()) }}

with by_rule as (
  select * from {{ ref("int_members_identified_by_rule") }}
),

by_decision as (
  select * from {{ ref("int_members_identified_by_decision") }}
),

-- What a person decided goes before the rule.
final as (
  select
    {{ row_key("by_rule") }} as row_key,
    by_rule.submission_id,
    by_rule.sheet_number,
    by_rule.row_number,
    coalesce(by_decision.member_key, by_rule.member_key) as member_key,
    by_rule.unit_key,
    by_rule.return_period_code,
    by_rule.period_code,
    by_rule.change_type,
    by_rule.changed_on,
    by_rule.ethnic_group_code,
    by_rule.is_core
  from by_rule
  left join by_decision
    on by_rule.submission_id = by_decision.submission_id
    and by_rule.sheet_number = by_decision.sheet_number
    and by_rule.row_number = by_decision.row_number
)

select * from final
