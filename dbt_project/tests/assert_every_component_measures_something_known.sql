-- A misspelt measure, code or programme in the indicator seeds would silently count nothing.
with components as (
  select * from {{ ref("indicator_components") }}
),

choices as (
  select
    choice_list,
    value_code
  from {{ ref("form_choices") }}
  group by choice_list, value_code
),

filters as (
  select
    indicator_code,
    'change_type' as choice_list,
    change_type as value_code
  from components
  union all
  select
    indicator_code,
    'club_status' as choice_list,
    status as value_code
  from components
  union all
  select
    indicator_code,
    'activity_type' as choice_list,
    activity_type as value_code
  from components
  union all
  select
    indicator_code,
    'uom' as choice_list,
    uom as value_code
  from components
  union all
  select
    indicator_code,
    'beneficiary_group' as choice_list,
    beneficiary_group as value_code
  from components
  union all
  select
    indicator_code,
    'recipient_kind' as choice_list,
    recipient_kind as value_code
  from components
)

select filters.*
from filters
left join choices using (choice_list, value_code)
where filters.value_code is not null and choices.value_code is null
union all
select
  components.indicator_code,
  'programmes' as choice_list,
  components.programme as value_code
from components
left join {{ ref("programmes") }} as programmes
  on components.programme = programmes.programme_code
where components.programme is not null and programmes.programme_code is null
union all
select
  components.indicator_code,
  'kind' as choice_list,
  components.kind as value_code
from components
left join choices
  on components.kind = choices.value_code
  and choices.choice_list in ('club_kind', 'training_kind', 'support_kind')
where components.kind is not null and choices.value_code is null
