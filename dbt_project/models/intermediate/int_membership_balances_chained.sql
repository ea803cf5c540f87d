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

member_changes as (
  select
    unit_key,
    period_code,
    changed_on,
    case when change_type in ('joined', 'moved_in') then 1 else -1 end as members
  from {{ ref("int_members_identified") }}
),

half_year_flows as (
  select
    unit_half_years.unit_key,
    unit_half_years.period_code,
    unit_half_years.period_start,
    half_years.period_end,
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
  inner join half_years
    on unit_half_years.period_code = half_years.period_code
  left join flows
    on unit_half_years.unit_key = flows.unit_key
    and unit_half_years.period_code = flows.period_code
  left join forms_reported
    on unit_half_years.unit_key = forms_reported.unit_key
    and unit_half_years.period_code = forms_reported.period_code
),

-- What changed in a unit before each of its counts: in earlier half-years, and in the count's own.
counted as (
  select
    opening_balances.unit_key,
    opening_balances.holds_from,
    opening_balances.period_start,
    cast(max(opening_balances.members) as bigint) as members,
    coalesce(sum(half_year_flows.net_count), 0) as net_of_earlier_half_years
  from opening_balances
  left join half_year_flows
    on opening_balances.unit_key = half_year_flows.unit_key
    and opening_balances.period_start > half_year_flows.period_start
  group by opening_balances.unit_key, opening_balances.holds_from, opening_balances.period_start
),

changed_before as (
  select
    opening_balances.unit_key,
    opening_balances.holds_from,
    sum(member_changes.members) as net_count
  from opening_balances
  inner join half_years
    on opening_balances.period_start = half_years.period_start
  inner join member_changes
    on opening_balances.unit_key = member_changes.unit_key
    and half_years.period_code = member_changes.period_code
    and opening_balances.holds_from > member_changes.changed_on
  group by opening_balances.unit_key, opening_balances.holds_from
),

counted_anchors as (
  select
    counted.unit_key,
    counted.holds_from,
    counted.period_start,
    counted.members,
    counted.net_of_earlier_half_years + coalesce(changed_before.net_count, 0) as net_before,
    'counted' as anchor_kind
  from counted
  left join changed_before
    on counted.unit_key = changed_before.unit_key
    and counted.holds_from = changed_before.holds_from
),

mergers as (
  select
    crosswalk.old_unit_key,
    crosswalk.new_unit_key,
    crosswalk.share,
    crosswalk.effective_date,
    half_years.period_start
  from crosswalk
  inner join half_years
    on crosswalk.effective_date between half_years.period_start and half_years.period_end
),

last_counts_of_parts as (
  select
    mergers.old_unit_key,
    mergers.new_unit_key,
    counted_anchors.members - counted_anchors.net_before as members,
    row_number() over (
      partition by mergers.old_unit_key, mergers.new_unit_key
      order by counted_anchors.holds_from desc
    ) as count_from_last
  from mergers
  inner join counted_anchors
    on mergers.old_unit_key = counted_anchors.unit_key
    and mergers.effective_date >= counted_anchors.holds_from
),

-- A unit that came out of a merge inherits what its parts closed with, if that is known of every one of them.
inherited_members as (
  select
    mergers.new_unit_key,
    mergers.period_start,
    mergers.share * (max(last_counts_of_parts.members) + coalesce(sum(half_year_flows.net_count), 0)) as members
  from mergers
  inner join last_counts_of_parts
    on mergers.old_unit_key = last_counts_of_parts.old_unit_key
    and mergers.new_unit_key = last_counts_of_parts.new_unit_key
    and last_counts_of_parts.count_from_last = 1
  left join half_year_flows
    on mergers.old_unit_key = half_year_flows.unit_key
    and mergers.period_start > half_year_flows.period_start
  group by mergers.old_unit_key, mergers.new_unit_key, mergers.period_start, mergers.share
),

parts as (
  select
    new_unit_key,
    count(*) as part_count
  from crosswalk
  group by new_unit_key
),

anchors_found as (
  select * from counted_anchors
  union all
  select
    inherited_members.new_unit_key as unit_key,
    inherited_members.period_start as holds_from,
    inherited_members.period_start,
    cast(sum(inherited_members.members) as bigint) as members,
    0 as net_before,
    'inherited' as anchor_kind
  from inherited_members
  inner join parts
    on inherited_members.new_unit_key = parts.new_unit_key
  group by inherited_members.new_unit_key, inherited_members.period_start, parts.part_count
  having count(*) = parts.part_count
),

-- A count holds from its day on, also over what was carried so far; the difference is a finding.
anchors as (
  select
    *,
    lag(members - net_before) over (
      partition by unit_key
      order by holds_from, case when anchor_kind = 'inherited' then 1 else 2 end
    ) + net_before as carried_members,
    row_number() over (
      partition by unit_key
      order by holds_from, case when anchor_kind = 'inherited' then 1 else 2 end
    ) as anchor_number
  from anchors_found
),

running as (
  select
    *,
    sum(net_count) over (
      partition by unit_key
      order by period_start
      rows between unbounded preceding and current row
    ) as net_so_far
  from half_year_flows
),

anchored as (
  select
    running.unit_key,
    running.period_code,
    max(case when anchors.holds_from <= running.period_start then anchors.anchor_number end) as opening_number,
    max(anchors.anchor_number) as closing_number
  from running
  inner join anchors
    on running.unit_key = anchors.unit_key
    and running.period_end >= anchors.holds_from
  group by running.unit_key, running.period_code
),

chained as (
  select
    running.*,
    anchors.members - anchors.net_before + running.net_so_far as closing_members,
    coalesce(openings.members - openings.net_before, anchors.members - anchors.net_before)
    + running.net_so_far - running.net_count as opening_members,
    anchors.anchor_kind,
    anchors.holds_from as anchor_holds_from,
    anchors.period_start = running.period_start as is_anchored_here,
    anchors.members as anchor_members,
    anchors.carried_members
  from running
  left join anchored
    on running.unit_key = anchored.unit_key
    and running.period_code = anchored.period_code
  left join anchors
    on anchored.unit_key = anchors.unit_key
    and anchored.closing_number = anchors.anchor_number
  left join anchors as openings
    on anchored.unit_key = openings.unit_key
    and anchored.opening_number = openings.anchor_number
),

final as (
  select
    unit_key,
    period_code,
    is_reported,
    cast(opening_members as bigint) as opening_members,
    joined_count,
    moved_in_count,
    moved_out_count,
    left_count,
    died_count,
    cast(closing_members - opening_members - net_count as bigint) as count_adjustment,
    cast(closing_members as bigint) as closing_members,
    anchor_kind,
    anchor_holds_from,
    case when is_anchored_here then anchor_members end as counted_members,
    case when is_anchored_here and anchor_kind = 'counted' then cast(carried_members as bigint) end as carried_members
  from chained
)

select * from final
