{#- Which sums of parts may be told. A sum gives away the rows of its own that are withheld, together: so there must be
    two at least whose parts could be others, and the sum must not be the least or the most that they can come to. What
    a unit's programmes may not tell is told by the unit if it may be told together, and what units may not tell by the
    area; so that no row is in two sums that tell of it. An area's programme is told where all of its units tell it. -#}
{%- set table_key = "area_key, period_code, people_kind, part_kind" -%}
{%- set sums -%}
    sum(people) as people,
    sum(case when part is not null then people end) as people_told,
    sum(part) as part
{%- endset -%}
{%- set secrets -%}
    sum(withheld_count) as withheld_count,
    sum(open_count) as open_count,
    sum(distance) as distance,
    sum(least_distance) as least_distance,
    sum(most_distance) as most_distance
{%- endset -%}
with people_parts as (
  select * from {{ ref("int_people_parts") }}
),

cells as (
  select
    {{ table_key }},
    unit_key,
    programme_code,
    {{ sums }},
    count(case when is_withheld then 1 end) as withheld_count,
    count(case when is_open then 1 end) as open_count,
    sum(distance) as distance,
    sum(least_distance) as least_distance,
    sum(most_distance) as most_distance
  from people_parts
  group by {{ table_key }}, unit_key, programme_code
),

cells_checked as (
  select
    *,
    {{ is_sum_safe() }} and not {{ is_small_part("part", "people_told") }} as is_publishable
  from cells
),

secrets_of_units as (
  select
    {{ table_key }},
    unit_key,
    {{ secrets }}
  from cells_checked
  where not is_publishable
  group by {{ table_key }}, unit_key
),

units as (
  select
    {{ table_key }},
    unit_key,
    {{ sums }}
  from people_parts
  group by {{ table_key }}, unit_key
),

units_checked as (
  select
    units.*,
    coalesce({{ is_sum_safe("secrets_of_units.") }}, true)
    and not {{ is_small_part("units.part", "units.people_told") }} as is_publishable,
    coalesce(secrets_of_units.withheld_count, 0) as withheld_count,
    coalesce(secrets_of_units.open_count, 0) as open_count,
    coalesce(secrets_of_units.distance, 0) as distance,
    coalesce(secrets_of_units.least_distance, 0) as least_distance,
    coalesce(secrets_of_units.most_distance, 0) as most_distance
  from units
  left join secrets_of_units using ({{ table_key }}, unit_key)
),

secrets_of_areas as (
  select
    {{ table_key }},
    {{ secrets }}
  from units_checked
  where not is_publishable
  group by {{ table_key }}
),

areas as (
  select
    {{ table_key }},
    {{ sums }}
  from people_parts
  group by {{ table_key }}
),

areas_checked as (
  select
    areas.*,
    coalesce({{ is_sum_safe("secrets_of_areas.") }}, true)
    and not {{ is_small_part("areas.part", "areas.people_told") }} as is_publishable
  from areas
  left join secrets_of_areas using ({{ table_key }})
),

programmes_of_areas as (
  select
    {{ table_key }},
    programme_code,
    sum(people) as people,
    sum(people_told) as people_told,
    sum(part) as part,
    count(case when not is_publishable then 1 end) = 0 as is_publishable
  from cells_checked
  group by {{ table_key }}, programme_code
),

final as (
  select
    {{ table_key }},
    unit_key,
    programme_code,
    false as is_area_total,
    people,
    people_told,
    part,
    is_publishable
  from cells_checked
  where programme_code <> 'none'
  union all
  select
    {{ table_key }},
    unit_key,
    'all' as programme_code,
    false as is_area_total,
    people,
    people_told,
    part,
    is_publishable
  from units_checked
  union all
  select
    {{ table_key }},
    area_key as unit_key,
    programme_code,
    true as is_area_total,
    people,
    people_told,
    part,
    is_publishable
  from programmes_of_areas
  where programme_code <> 'none'
  union all
  select
    {{ table_key }},
    area_key as unit_key,
    'all' as programme_code,
    true as is_area_total,
    people,
    people_told,
    part,
    is_publishable
  from areas_checked
)

select * from final
