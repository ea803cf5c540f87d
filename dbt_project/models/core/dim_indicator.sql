with indicators as (
  select * from {{ ref("indicators") }}
),

final as (
  select
    indicator_code,
    label_vi,
    uom,
    kind as indicator_kind,
    form_name,
    is_by_programme,
    programme_code,
    sort_order,
    better_is
  from indicators
)

select * from final
