with codes as (
  select * from {{ ref("int_codes") }}
),

final as (
  select
    domain,
    code,
    label_vi,
    label_en,
    sort_order
  from codes
)

select * from final
