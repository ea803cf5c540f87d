{{ config(**by_unit({"int_member_mentions": "by_unit"}, replaced="true")) }}

with told as (
  select
    unit_key,
    citizen_id,
    folded_name,
    birth,
    birth_year
  from {{ ref("int_member_mentions") }}
  where citizen_id is not null
  {%- if is_brought_up_to_date() %}
  -- What stood beside other numbers before still does.
  and citizen_id in (
    select citizen_id from {{ ref("int_member_mentions") }}
    where {{ of_stale_units("unit_key") }}
    union
    select citizen_id from {{ this }}
  )
  {%- endif %}
),

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
