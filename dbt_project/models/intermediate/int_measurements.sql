with member_changes as (
  select * from {{ ref("int_members_identified") }}
),

membership as (
  select * from {{ ref("int_membership_balances_chained") }}
  where is_reported
),

clubs as (
  select * from {{ ref("int_clubs_attributed") }}
),

trainings as (
  select * from {{ ref("int_trainings_attributed") }}
),

support_funds as (
  select * from {{ ref("int_support_funds_attributed") }}
),

activities as (
  select * from {{ ref("int_activities_reconciled") }}
),

awards as (
  select * from {{ ref("int_awards_attributed") }}
),

protection_cases as (
  select * from {{ ref("int_protection_cases_attributed") }}
),

final as (
  {{ measured("member_changes", "member_changes", "flow", {"row_count": "1"}, ["change_type"]) }}
  union all
  {{ measured("membership", "member_changes", "stock", {"closing_members": "closing_members"}) }}
  union all
  {{ measured(
    "clubs", "clubs", "flow", {"row_count": "1", "members": "members"}, ["kind", "status", "programme_code"]
  ) }}
  union all
  {{ measured(
    "clubs", "clubs", "stock", {"row_count": "1", "members": "members"}, ["kind", "status", "programme_code"],
    "return_period_code"
  ) }}
  union all
  {{ measured(
    "trainings", "trainings", "flow",
    {"row_count": "1", "trainees": "trainees", "employed_after": "employed_after", "cost_vnd": "cost_vnd"},
    ["kind", "programme_code"]
  ) }}
  union all
  {{ measured(
    "support_funds", "support_funds", "flow",
    {"row_count": "1", "beneficiaries": "beneficiaries", "amount_vnd": "amount_vnd"},
    ["kind", "beneficiary_group", "programme_code"]
  ) }}
  union all
  {{ measured(
    "activities", "movement_activities", "flow",
    {
      "row_count": "1", "participants": "participants", "quantity": "quantity", "amount_vnd": "amount_vnd",
      "raised_vnd": "raised_vnd"
    },
    ["programme_code", "activity_type", "uom"]
  ) }}
  union all
  {{ measured("awards", "awards", "flow", {"row_count": "1"}, ["recipient_kind", "programme_code"]) }}
  union all
  {{ measured("protection_cases", "protection_cases", "flow", {"row_count": "1"}) }}
)

select * from final
