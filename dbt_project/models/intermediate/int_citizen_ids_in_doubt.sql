{{ config(**by_unit({"int_member_mentions": "by_unit"}, replaced="true")) }}

{% if is_brought_up_to_date() -%}
-- What stood beside other numbers before still does.
with looked_at_anew as (
  {{ keys_looked_at_anew("citizen_id", ref("int_member_mentions")) }}
),

told as (
  select mentions.*
  from {{ ref("int_member_mentions") }} as mentions
  inner join looked_at_anew
    on mentions.citizen_id = looked_at_anew.citizen_id
),
{%- else -%}
with told as (
  select * from {{ ref("int_member_mentions") }}
  where citizen_id is not null
),
{%- endif %}

in_doubt as (
  select citizen_id
  from told
  group by citizen_id
  having
    min(folded_name) <> max(folded_name)
    or min(birth_year) <> max(birth_year)
    or min(case when length(birth) > 4 then birth end) <> max(case when length(birth) > 4 then birth end)
),

final as (
  select
    told.unit_key,
    told.citizen_id
  from told
  inner join in_doubt
    on told.citizen_id = in_doubt.citizen_id
  group by told.unit_key, told.citizen_id
)

select * from final
