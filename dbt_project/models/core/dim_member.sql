{{ config(**by_unit(inputs_of_identified_members(), upsert_key="member_key", also_stale="unit_count > 1")) }}

{% if is_incremental_by_unit() -%}
-- A woman may be known in several units: whoever is told of in a unit that changed, or was, is told of anew.
with stale_members as (
  {{ stale_keys("member_key", ref("int_members_identified")) }}
),

changes as (
  select identified.*
  from {{ ref("int_members_identified") }} as identified
  inner join stale_members
    on identified.member_key = stale_members.member_key
),
{%- else -%}
with changes as (
  select * from {{ ref("int_members_identified") }}
  where {{ of_every_key("member_key") }}
),
{%- endif %}

last_mention as (
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

units_mentioned as (
  select
    member_key,
    count(distinct unit_key) as unit_count
  from changes
  group by member_key
),

final as (
  select
    last_mention.member_key,
    last_mention.unit_key,
    last_mention.change_type as last_change_type,
    last_mention.first_changed_on,
    last_mention.changed_on as last_changed_on,
    cast(last_mention.change_count as integer) as change_count,
    cast(units_mentioned.unit_count as integer) as unit_count
  from last_mention
  inner join units_mentioned
    on last_mention.member_key = units_mentioned.member_key
  where last_mention.change_from_last = 1
)

select * from final
