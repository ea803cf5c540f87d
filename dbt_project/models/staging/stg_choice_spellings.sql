{{ config(materialized="table") }}

with listed as (
  select
    choice_list,
    value_code,
    label_vi,
    factor,
    unnest([alias, label_vi, value_code]) as spelling
  from {{ ref("form_choices") }}
),

programmes as (
  select
    'programmes' as choice_list,
    programme_code as value_code,
    label_vi,
    null as factor,
    unnest(string_split(coalesce(aliases, ''), '|') || [label_vi, programme_code]) as spelling
  from {{ ref("programmes") }}
),

ethnic_groups as (
  select
    'ethnic_groups' as choice_list,
    ethnic_group_code as value_code,
    label_vi,
    null as factor,
    unnest(string_split(coalesce(aliases, ''), '|') || [label_vi, ethnic_group_code]) as spelling
  from {{ ref("ethnic_groups") }}
),

religions as (
  select
    'religions' as choice_list,
    religion_code as value_code,
    label_vi,
    null as factor,
    unnest(string_split(coalesce(aliases, ''), '|') || [label_vi, religion_code]) as spelling
  from {{ ref("religions") }}
),

indicators as (
  select
    'indicators' as choice_list,
    indicator_code as value_code,
    label_vi,
    null as factor,
    unnest(string_split(coalesce(aliases, ''), '|') || [label_vi, indicator_code]) as spelling
  from {{ ref("indicators") }}
),

spelled as (
  select * from listed
  union all by name
  select * from programmes
  union all by name
  select * from ethnic_groups
  union all by name
  select * from religions
  union all by name
  select * from indicators
),

labelled as (
  -- The factor belongs to the alias, so the label and the code of a unit of measure always mean one of it.
  select
    choice_list,
    value_code,
    label_vi,
    trim(spelling) as spelling,
    coalesce(max(case when spelling not in (label_vi, value_code) then factor end), 1) as factor
  from spelled
  where trim(spelling) <> ''
  group by choice_list, value_code, label_vi, trim(spelling)
),

both_ways as (
  select
    choice_list,
    value_code,
    label_vi,
    factor,
    'exact' as match_kind,
    spelling,
    {{ holds_abbreviation("spelling") }} as is_abbreviated
  from labelled
  union all
  select
    choice_list,
    value_code,
    label_vi,
    factor,
    'folded' as match_kind,
    {{ fold("spelling") }} as spelling,
    {{ holds_abbreviation("spelling") }} as is_abbreviated
  from labelled
),

final as (
  select
    choice_list,
    match_kind,
    spelling,
    case when count(distinct value_code || ' ' || factor) = 1 then min(value_code) end as value_code,
    min(label_vi) as label_vi,
    min(factor) as factor,
    min(is_abbreviated) as is_abbreviated,
    count(distinct value_code || ' ' || factor) > 1 as is_ambiguous
  from both_ways
  where spelling <> ''
  group by choice_list, match_kind, spelling
)

select * from final
