with indicators as (
  select * from {{ ref("indicators") }}
),

definitions as (
  select * from {{ ref("int_indicator_definitions") }}
),

final as (
  select
    indicators.indicator_code,
    indicators.label_vi,
    indicators.uom,
    indicators.kind as indicator_kind,
    indicators.form_name,
    indicators.is_by_programme,
    indicators.programme_code,
    indicators.sort_order,
    indicators.better_is,
    definitions.definition_vi,
    definitions.definition_en
  from indicators
  inner join definitions using (indicator_code)
)

select * from final
