with unit_half_years as (
  select * from {{ ref("int_unit_half_years_expected") }}
),

opening_balances as (
  select * from {{ ref("int_opening_balances_resolved") }}
),

crosswalk as (
  select * from {{ ref("unit_crosswalk") }}
),

half_years as (
  select * from {{ ref("reporting_periods") }}
  where period_kind = 'half_year'
),

forms_reported as (
  select * from {{ ref("int_forms_reported") }}
  where form_name = 'member_changes'
),

flows as (
  select
    unit_key,
    period_code,
    count(case when change_type = 'joined' then 1 end) as joined_count,
    count(case when change_type = 'moved_in' then 1 end) as moved_in_count,
    count(case when change_type = 'moved_out' then 1 end) as moved_out_count,
    count(case when change_type = 'left' then 1 end) as left_count,
    count(case when change_type = 'died' then 1 end) as died_count
  from {{ ref("int_members_identified") }}
  group by unit_key, period_code
),

half_year_flows as (
  select
    unit_half_years.unit_key,
    unit_half_years.period_code,
    unit_half_years.period_start,
    forms_reported.unit_key is not null as is_reported,
    case when forms_reported.unit_key is not null then coalesce(flows.joined_count, 0) else flows.joined_count end
      as joined_count,
    case when forms_reported.unit_key is not null then coalesce(flows.moved_in_count, 0) else flows.moved_in_count end
      as moved_in_count,
    case
      when forms_reported.unit_key is not null then coalesce(flows.moved_out_count, 0)
      else flows.moved_out_count
    end as moved_out_count,
    case when forms_reported.unit_key is not null then coalesce(flows.left_count, 0) else flows.left_count end
      as left_count,
    case when forms_reported.unit_key is not null then coalesce(flows.died_count, 0) else flows.died_count end
      as died_count,
    coalesce(
      flows.joined_count + flows.moved_in_count - flows.moved_out_count - flows.left_count - flows.died_count,
      0
    ) as net_count
  from unit_half_years
  left join flows
    on unit_half_years.unit_key = flows.unit_key
    and unit_half_years.period_code = flows.period_code
  left join forms_reported
    on unit_half_years.unit_key = forms_reported.unit_key
    and unit_half_years.period_code = forms_reported.period_code
),

-- The first count begins the chain. A later one that differs is a finding and moves nothing: a closing that is not the
-- next opening would hide which half-year lost the members.
counted_anchors as (
  select
    unit_key,
    period_start as anchor_start,
    cast(members as bigint) as anchor_members
  from opening_balances
  where is_first
),

-- A unit that came out of a merge inherits what its parts closed with, if that is known of every one of them.
inherited_members as (
  select
    crosswalk.old_unit_key,
    crosswalk.new_unit_key,
    half_years.period_start as anchor_start,
    crosswalk.share * (
      max(counted_anchors.anchor_members) + coalesce(sum(half_year_flows.net_count), 0)
    ) as members
  from crosswalk
  inner join half_years
    on crosswalk.effective_date between half_years.period_start and half_years.period_end
  inner join counted_anchors
    on crosswalk.old_unit_key = counted_anchors.unit_key
    and half_years.period_start >= counted_anchors.anchor_start
  left join half_year_flows
    on crosswalk.old_unit_key = half_year_flows.unit_key
    and counted_anchors.anchor_start <= half_year_flows.period_start
    and half_years.period_start > half_year_flows.period_start
  group by crosswalk.old_unit_key, crosswalk.new_unit_key, half_years.period_start, crosswalk.share
),

parts as (
  select
    new_unit_key,
    count(*) as part_count
  from crosswalk
  group by new_unit_key
),

anchors_found as (
  select
    unit_key,
    anchor_start,
    anchor_members,
    'counted' as anchor_kind
  from counted_anchors
  union all
  select
    inherited_members.new_unit_key as unit_key,
    inherited_members.anchor_start,
    cast(sum(inherited_members.members) as bigint) as anchor_members,
    'inherited' as anchor_kind
  from inherited_members
  inner join parts
    on inherited_members.new_unit_key = parts.new_unit_key
  group by inherited_members.new_unit_key, inherited_members.anchor_start, parts.part_count
  having count(*) = parts.part_count
),

anchors as (
  select
    *,
    row_number() over (
      partition by unit_key
      order by anchor_start, case when anchor_kind = 'inherited' then 1 else 2 end
    ) as anchor_number
  from anchors_found
),

chained as (
  select
    half_year_flows.*,
    anchors.anchor_members + sum(half_year_flows.net_count) over (
      partition by half_year_flows.unit_key, half_year_flows.period_start >= anchors.anchor_start
      order by half_year_flows.period_start
      rows between unbounded preceding and current row
    ) as running_members,
    half_year_flows.period_start >= anchors.anchor_start as is_after_anchor,
    anchors.anchor_kind
  from half_year_flows
  left join anchors
    on half_year_flows.unit_key = anchors.unit_key
    and anchors.anchor_number = 1
),

final as (
  select
    unit_key,
    period_code,
    is_reported,
    case when is_after_anchor then cast(running_members - net_count as bigint) end as opening_members,
    joined_count,
    moved_in_count,
    moved_out_count,
    left_count,
    died_count,
    case when is_after_anchor then cast(running_members as bigint) end as closing_members,
    anchor_kind
  from chained
)

select * from final
