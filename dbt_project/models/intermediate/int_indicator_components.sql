with components as (
  select * from {{ ref("indicator_components") }}
),

indicators as (
  select * from {{ ref("indicators") }}
),

conditions as (
  select * from {{ ref("int_indicator_conditions") }}
),

codes as (
  select * from {{ ref("int_codes") }}
),

in_words as (
  select
    indicator_code,
    component_number,
    {{ joined_text("field_label_vi || ': ' || label_vi", "'; '") }} as condition_vi,
    {{ joined_text("field_label_en || ': ' || label_en", "'; '") }} as condition_en
  from conditions
  group by indicator_code, component_number
),

final as (
  select
    components.indicator_code,
    cast(components.component_number as integer) as component_number,
    indicators.form_name,
    components.measure,
    measures.label_vi as measure_label_vi,
    measures.label_en as measure_label_en,
    {%- for asked in asked_attributes().values() %}
    {{ asked }},
    {%- endfor %}
    components.sign,
    in_words.condition_vi,
    in_words.condition_en
  from components
  inner join indicators using (indicator_code)
  left join in_words
    on components.indicator_code = in_words.indicator_code
    and components.component_number = in_words.component_number
  left join codes as measures
    on measures.domain = 'measure'
    and components.measure = measures.code
)

select * from final
