{{ config(**by_unit(inputs_of_identified_members(), unique_key="member_key", replaced="unit_count > 1")) }}

{% if is_brought_up_to_date() -%}
-- A woman may be known in several units: whoever is told of in a unit that changed, or was, is told of anew.
with told_anew as (
  {{ keys_looked_at_anew("member_key", ref("int_members_identified")) }}
),

changes as (
  select identified.*
  from {{ ref("int_members_identified") }} as identified
  inner join told_anew
    on identified.member_key = told_anew.member_key
),
{%- else -%}
with changes as (
  select * from {{ ref("int_members_identified") }}
),
{%- endif %}

last_told as (
  select
    *,
    row_number() over (
      partition by member_key
      order by changed_on desc, submission_id desc, sheet_number desc, row_number desc
    ) as change_from_last,
    min(changed_on) over (partition by member_key) as first_changed_on,
    count(*) over (partition by member_key) as change_count
  from changes
),

units_told as (
  select
    member_key,
    count(distinct unit_key) as unit_count
  from changes
  group by member_key
),

final as (
  select
    last_told.member_key,
    last_told.unit_key,
    last_told.change_type as last_change_type,
    last_told.first_changed_on,
    last_told.changed_on as last_changed_on,
    cast(last_told.change_count as integer) as change_count,
    cast(units_told.unit_count as integer) as unit_count
  from last_told
  inner join units_told
    on last_told.member_key = units_told.member_key
  where last_told.change_from_last = 1
)

select * from final
