{#- A table is one area, half-year, indicator and dimension; its lines are the units and the area itself. -#}
{%- set table_key = "area_key, period_code, indicator_code, dimension" -%}
{%- set smallest = var("smallest_count_published") -%}
with units as (
  select * from {{ ref("units") }}
  where area_key is not null and unit_key <> area_key
),

members_by_category as (
  select
    units.area_key,
    members_by_category.*
  from {{ ref("int_members_by_category") }} as members_by_category
  inner join units using (unit_key)
),

-- Categories from the largest to the smallest: a line tells the first ones and covers all from some place on.
columns_in_order as (
  select
    {{ table_key }},
    category_code,
    sum(members) as members,
    row_number() over (
      partition by {{ table_key }}
      order by sum(members) desc, category_code
    ) as place,
    count(*) over (partition by {{ table_key }}) as place_count
  from members_by_category
  group by {{ table_key }}, category_code
),

lines as (
  select
    {{ table_key }},
    unit_key,
    sum(members) as members
  from members_by_category
  group by {{ table_key }}, unit_key
  union all
  select
    {{ table_key }},
    area_key as unit_key,
    sum(members) as members
  from members_by_category
  group by {{ table_key }}
),

cells as (
  select
    {{ table_key }},
    unit_key,
    lines.members as line_members,
    category_code,
    columns_in_order.place,
    columns_in_order.place_count,
    case
      when unit_key = area_key then columns_in_order.members
      else coalesce(members_by_category.members, 0)
    end as members
  from lines
  inner join columns_in_order using ({{ table_key }})
  left join members_by_category using ({{ table_key }}, unit_key, category_code)
),

with_rest as (
  select
    *,
    sum(members) over (
      partition by {{ table_key }}, unit_key
      order by place desc
      rows between unbounded preceding and current row
    ) as rest
  from cells
),

-- The last place from which a line covers at least two categories with enough members together, and the place from
-- which it must cover because a count is small there.
line_places as (
  select
    {{ table_key }},
    unit_key,
    max(line_members) as members,
    max(place_count) as place_count,
    coalesce(max(case when place < place_count and rest >= {{ smallest }} then place end), 1) as last_start,
    min(case when {{ is_small_count("members") }} then place end) as first_small
  from with_rest
  group by {{ table_key }}, unit_key
),

line_starts as (
  select
    *,
    case when first_small is not null then least(first_small, last_start) end as own_start
  from line_places
),

area_starts as (
  select
    {{ table_key }},
    own_start as start_place
  from line_starts
  where unit_key = area_key
),

in_order as (
  select
    *,
    row_number() over (
      partition by {{ table_key }}
      order by coalesce(own_start, 2 * place_count - last_start + 1), members, unit_key
    ) as turn,
    count(*) over (partition by {{ table_key }}) as unit_count,
    count(own_start) over (partition by {{ table_key }}) as covering_count,
    count(case when members < {{ smallest }} then 1 end) over (partition by {{ table_key }}) as tiny_count
  from line_starts
  where unit_key <> area_key
),

-- Units whose total is itself small cover everything, together with as many of the next as it takes for nobody to be
-- alone: neither one unit nor one category may hold nearly all members of the group.
first_turns as (
  select
    {{ table_key }},
    in_order.turn,
    in_order.tiny_count,
    cells.category_code,
    sum(in_order.members) over (
      partition by {{ table_key }}, cells.category_code
      order by in_order.turn
      rows between unbounded preceding and current row
    ) as members,
    max(in_order.members) over (
      partition by {{ table_key }}, cells.category_code
      order by in_order.turn
      rows between unbounded preceding and current row
    ) as largest_unit,
    sum(cells.members) over (
      partition by {{ table_key }}, cells.category_code
      order by in_order.turn
      rows between unbounded preceding and current row
    ) as category_members
  from in_order
  inner join cells using ({{ table_key }}, unit_key)
  where in_order.tiny_count > 0
),

safe_turns as (
  select
    {{ table_key }},
    turn
  from first_turns
  group by {{ table_key }}, turn
  having
    turn >= max(tiny_count)
    and max(members) - max(largest_unit) >= {{ smallest }} - 1
    and max(members) - max(category_members) >= {{ smallest }} - 1
),

tiny_groups as (
  select
    {{ table_key }},
    min(turn) as turns
  from safe_turns
  group by {{ table_key }}
),

-- The others go in pairs of neighbours, the last three together where they are odd, so that no unit that covers a
-- category is the only one to do so. One alone takes the next that would have covered nothing.
with_groups as (
  select
    in_order.*,
    coalesce(tiny_groups.turns, 0) as tiny_turns,
    in_order.tiny_count > 0 and tiny_groups.turns is null as is_uncoverable,
    in_order.turn - coalesce(tiny_groups.turns, 0) as turn_after,
    in_order.covering_count - coalesce(tiny_groups.turns, 0) as covering_after,
    in_order.unit_count - coalesce(tiny_groups.turns, 0) as unit_count_after
  from in_order
  left join tiny_groups using ({{ table_key }})
),

grouped as (
  select
    *,
    case
      when turn_after <= 0 then 0
      when covering_after = 1 and unit_count_after = 1 and tiny_turns > 0 then 0
      when covering_after = 1 and turn_after <= 2 then 1
      when turn_after > covering_after then null
      when turn_after = covering_after and covering_after % 2 = 1 then (covering_after - 1) / 2
      else ceil(turn_after / 2.0)
    end as group_number
  from with_groups
),

unit_lines as (
  select
    {{ table_key }},
    unit_key,
    is_uncoverable,
    case
      when is_uncoverable or group_number = 0 then 1
      when group_number is not null
        then min(coalesce(own_start, last_start)) over (partition by {{ table_key }}, group_number)
    end as start_place
  from grouped
),

uncoverable as (
  select
    {{ table_key }},
    true as is_uncoverable
  from unit_lines
  where is_uncoverable
  group by {{ table_key }}
),

all_lines as (
  select
    {{ table_key }},
    unit_key,
    start_place
  from unit_lines
  union all
  select
    {{ table_key }},
    area_key as unit_key,
    start_place
  from area_starts
),

final as (
  select
    {{ table_key }},
    unit_key,
    cells.category_code,
    cells.members,
    uncoverable.is_uncoverable is not null or coalesce(cells.place >= all_lines.start_place, false) as is_covered,
    uncoverable.is_uncoverable is not null or coalesce(area_starts.start_place = 1, false) as is_whole_table_covered
  from cells
  inner join all_lines using ({{ table_key }}, unit_key)
  inner join area_starts using ({{ table_key }})
  left join uncoverable using ({{ table_key }})
)

select * from final
