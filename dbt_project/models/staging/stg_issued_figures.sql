with issued_figures as (
  select * from {{ source("raw", "issued_figures") }}
),

final as (
  select
    edition_id,
    issued_at,
    -- an edition that waited for its approval is older than its issue
    coalesce(as_of, issued_at) as as_of,
    unit_key,
    period_code,
    indicator_code,
    value
  from issued_figures
  where {{ is_known("issued_at") }}
)

select * from final
