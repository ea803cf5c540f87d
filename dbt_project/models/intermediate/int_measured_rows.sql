{{ config(materialized=materialized_when_read()) }}

with member_changes as (
  select * from {{ ref("int_members_identified") }}
),

membership as (
  select * from {{ ref("int_membership_balances_chained") }}
  where is_reported
),

opening_balances as (
  select * from {{ ref("int_opening_balances_resolved") }}
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

unit_half_years as (
  select * from {{ ref("int_unit_half_years_expected") }}
),

clubs_reported as (
  select * from {{ ref("int_forms_reported") }}
  where form_name = 'clubs' and is_returned
),

-- A unit that did not report still has the clubs of its last return; the district counts them, as it does its members.
clubs_known as (
  select
    unit_half_years.unit_key,
    unit_half_years.period_code,
    {{ last_known("clubs_reported.period_code") }} over (
      partition by unit_half_years.unit_key
      order by unit_half_years.period_code
      rows between unbounded preceding and current row
    ) as known_period_code
  from unit_half_years
  left join clubs_reported
    on unit_half_years.unit_key = clubs_reported.unit_key
    and unit_half_years.period_code = clubs_reported.period_code
),

clubs_carried as (
  select
    clubs.*,
    clubs_known.period_code as carried_to_period_code
  from clubs_known
  inner join clubs
    on clubs_known.unit_key = clubs.unit_key
    and clubs_known.known_period_code = clubs.return_period_code
  where clubs_known.known_period_code <> clubs_known.period_code
),

-- A balance is what its half-year began with and the changes since. It began with a count (an opening balance, also one
-- of a day in it: then with the changes since that day), with what the parts of a merge closed with, or with its own
-- last closing; unknown if it was never counted.
openings as (
  select
    unit_key,
    period_code,
    is_reported,
    opening_members,
    closing_members,
    anchor_kind,
    anchor_holds_from,
    counted_members,
    lag(period_code) over (partition by unit_key, opening_members is null order by period_code) as last_period_code
  from {{ ref("int_membership_balances_chained") }}
),

opening_lines as (
  select
    membership.unit_key,
    membership.period_code,
    coalesce(membership.counted_members, membership.opening_members) as members,
    case
      when openings.opening_members is null then 'previous_closing'
      when openings.counted_members is null and openings.last_period_code is not null then 'previous_closing'
      when openings.anchor_kind = 'counted' then 'opening_balance'
      else 'merged_units'
    end as source_kind,
    case
      when openings.opening_members is not null and openings.counted_members is null then openings.last_period_code
    end as source_period_code,
    opening_balances.submission_id,
    opening_balances.sheet_number,
    opening_balances.row_number
  from membership
  inner join openings
    on membership.unit_key = openings.unit_key
    and membership.period_code = openings.period_code
  left join opening_balances
    on membership.unit_key = opening_balances.unit_key
    and openings.anchor_holds_from = opening_balances.holds_from
    and (openings.counted_members is not null or openings.last_period_code is null)
    and openings.anchor_kind = 'counted'
),

balance_changes as (
  select
    member_changes.*,
    case when member_changes.change_type in ('joined', 'moved_in') then 1 else -1 end as members
  from member_changes
  inner join membership
    on member_changes.unit_key = membership.unit_key
    and member_changes.period_code = membership.period_code
    and membership.opening_members is not null
    and (
      membership.counted_members is null or coalesce(member_changes.changed_on >= membership.anchor_holds_from, true)
    )
),

final as (
  {{ measured_rows("member_changes", "member_changes", "flow", {"row_count": "1"}, ["change_type"]) }}
  union all
  {{ measured_rows("balance_changes", "member_changes", "stock", {"closing_members": "members"}) }}
  union all
  select
    unit_key,
    period_code,
    'member_changes' as form_name,
    'stock' as basis,
    'closing_members' as measure,
    {%- for name in measured_attributes() %}
    cast(null as string) as {{ name }},
    {%- endfor %}
    cast(members as decimal(20, 3)) as value,
    source_kind,
    case when source_kind = 'opening_balance' then 'opening_balances' else 'member_changes' end as source_form_name,
    source_period_code,
    submission_id,
    sheet_number,
    row_number
  from opening_lines
  union all
  -- A unit that did not report has no figure; its members are there all the same, and the district counts them.
  select
    unit_key,
    period_code,
    'member_changes' as form_name,
    'carried' as basis,
    'closing_members' as measure,
    {%- for name in measured_attributes() %}
    cast(null as string) as {{ name }},
    {%- endfor %}
    cast(closing_members as decimal(20, 3)) as value,
    'carried_balance' as source_kind,
    'member_changes' as source_form_name,
    last_period_code as source_period_code,
    cast(null as string) as submission_id,
    cast(null as integer) as sheet_number,
    cast(null as bigint) as row_number
  from openings
  where not is_reported and closing_members is not null
  union all
  {{ measured_rows(
    "clubs", "clubs", "flow", {"row_count": "1", "members": "members"}, ["kind", "status", "programme_code"]
  ) }}
  union all
  {{ measured_rows(
    "clubs", "clubs", "stock", {"row_count": "1", "members": "members"}, ["kind", "status", "programme_code"],
    "return_period_code"
  ) }}
  union all
  {{ measured_rows(
    "clubs_carried", "clubs", "carried", {"row_count": "1", "members": "members"}, ["kind", "status", "programme_code"],
    "carried_to_period_code", source_period="return_period_code"
  ) }}
  union all
  {{ measured_rows(
    "trainings", "trainings", "flow",
    {"row_count": "1", "trainees": "trainees", "employed_after": "employed_after", "cost_vnd": "cost_vnd"},
    ["kind", "programme_code"]
  ) }}
  union all
  {{ measured_rows(
    "support_funds", "support_funds", "flow",
    {"row_count": "1", "beneficiaries": "beneficiaries", "amount_vnd": "amount_vnd"},
    ["kind", "beneficiary_group", "programme_code"]
  ) }}
  union all
  {{ measured_rows(
    "activities", "movement_activities", "flow",
    {
      "row_count": "1", "participants": "participants", "quantity": "quantity", "amount_vnd": "amount_vnd",
      "raised_vnd": "raised_vnd"
    },
    ["programme_code", "activity_type", "uom"],
    source_form="case told_by when 'log' then 'activity_log' else 'movement_activities' end"
  ) }}
  union all
  {{ measured_rows("awards", "awards", "flow", {"row_count": "1"}, ["recipient_kind", "programme_code"]) }}
  union all
  {{ measured_rows("protection_cases", "protection_cases", "flow", {"row_count": "1"}) }}
)

select * from final
