{{ config(**by_unit({"int_member_mentions": "by_unit"}, also_stale="true")) }}

{% if is_incremental_by_unit() -%}
-- What stood beside other numbers before still does.
with stale_numbers as (
  {{ stale_keys("citizen_id", ref("int_member_mentions")) }}
),

numbers_mentioned as (
  select mentions.*
  from {{ ref("int_member_mentions") }} as mentions
  inner join stale_numbers
    on mentions.citizen_id = stale_numbers.citizen_id
),
{%- else -%}
with numbers_mentioned as (
  select * from {{ ref("int_member_mentions") }}
  where citizen_id is not null and {{ of_every_key("citizen_id") }}
),
{%- endif %}

in_doubt as (
  select citizen_id
  from numbers_mentioned
  group by citizen_id
  having
    min(folded_name) <> max(folded_name)
    or min(birth_year) <> max(birth_year)
    or min(case when length(birth) > 4 then birth end) <> max(case when length(birth) > 4 then birth end)
),

final as (
  select
    numbers_mentioned.unit_key,
    numbers_mentioned.citizen_id
  from numbers_mentioned
  inner join in_doubt
    on numbers_mentioned.citizen_id = in_doubt.citizen_id
  group by numbers_mentioned.unit_key, numbers_mentioned.citizen_id
)

select * from final
