with members_by_village as (
  select * from {{ ref("int_members_by_village") }}
),

indicators as (
  select * from {{ ref("dim_indicator") }}
),

units as (
  select * from {{ ref("dim_unit") }}
),

periods as (
  select * from {{ ref("dim_period") }}
),

from_the_smallest as (
  select
    *,
    row_number() over (
      partition by unit_key, period_code, indicator_code
      order by members, village_code
    ) as place,
    sum(members) over (
      partition by unit_key, period_code, indicator_code
      order by members, village_code
      rows between unbounded preceding and current row
    ) as members_up_to_here
  from members_by_village
),

-- Villages with few are told together, and with as many of the next as it takes for them to be several villages with
-- enough members: what is left of a unit's total is then no village's count.
last_places as (
  select
    unit_key,
    period_code,
    indicator_code,
    coalesce(max(case when {{ is_small_count("members") }} then place end), 0) as last_small,
    coalesce(
      min(case when place > 1 and members_up_to_here >= {{ var("smallest_count_published") }} then place end),
      max(place)
    ) as first_enough
  from from_the_smallest
  group by unit_key, period_code, indicator_code
),

lines as (
  select
    from_the_smallest.*,
    last_places.last_small > 0
    and from_the_smallest.place <= greatest(last_places.last_small, last_places.first_enough) as is_several_villages
  from from_the_smallest
  inner join last_places using (unit_key, period_code, indicator_code)
),

merged as (
  select
    unit_key,
    period_code,
    indicator_code,
    case when not is_several_villages then village_key end as village_key,
    case
      when is_several_villages then 'Các chi hội ít người gộp lại'
      when village_code = 'not_told' then 'Không ghi chi hội'
      else village
    end as village,
    is_several_villages,
    members
  from lines
),

final as (
  select
    merged.unit_key,
    merged.period_code,
    merged.indicator_code,
    units.unit_name,
    periods.label_vi as period_label_vi,
    indicators.label_vi as indicator_label_vi,
    merged.village_key,
    merged.village,
    cast(sum(merged.members) as integer) as members,
    merged.is_several_villages
  from merged
  inner join units using (unit_key)
  inner join periods using (period_code)
  inner join indicators using (indicator_code)
  group by
    merged.unit_key, merged.period_code, merged.indicator_code, units.unit_name, periods.label_vi, indicators.label_vi,
    merged.village_key, merged.village, merged.is_several_villages
)

select * from final
