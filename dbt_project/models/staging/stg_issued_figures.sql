with issued_figures as (
  select * from {{ source("raw", "issued_figures") }}
),

final as (
  select
    edition_id,
    issued_at,
    unit_key,
    period_code,
    indicator_code,
    value
  from issued_figures
  where {{ is_known("issued_at") }}
)

select * from final
