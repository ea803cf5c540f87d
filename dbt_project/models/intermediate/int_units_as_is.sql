with recursive units as (
  select * from {{ ref("units") }}
  where area_key is not null and unit_key <> area_key
),

crosswalk as (
  select * from {{ ref("unit_crosswalk") }}
  where effective_date <= {{ day_known() }}
),

-- From every unit along the crosswalk; a unit without territory leads nowhere and stays what it was.
steps as (
  select
    unit_key,
    unit_key as current_unit_key,
    cast(1 as decimal(18, 9)) as share,
    0 as step_count
  from units
  union all
  select
    steps.unit_key,
    crosswalk.new_unit_key as current_unit_key,
    cast(steps.share * crosswalk.share as decimal(18, 9)) as share,
    steps.step_count + 1 as step_count
  from steps
  inner join crosswalk
    on steps.current_unit_key = crosswalk.old_unit_key
  where steps.step_count < 9
),

ends as (
  select
    steps.unit_key,
    steps.current_unit_key,
    sum(steps.share) as share
  from steps
  left join crosswalk
    on steps.current_unit_key = crosswalk.old_unit_key
  where crosswalk.old_unit_key is null
  group by steps.unit_key, steps.current_unit_key
),

cut as (
  select
    *,
    sum(share) over (
      partition by unit_key
      order by current_unit_key
      rows between unbounded preceding and current row
    ) as share_to
  from ends
),

final as (
  select
    unit_key,
    current_unit_key,
    cast(share as decimal(18, 9)) as share,
    cast(share_to - share as decimal(18, 9)) as share_from,
    cast(share_to as decimal(18, 9)) as share_to
  from cut
)

select * from final
