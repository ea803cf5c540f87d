with withdrawals as (
  select * from {{ source("raw", "withdrawals") }}
),

final as (
  select
    submission_id,
    is_withdrawn,
    decided_at,
    decided_by,
    why
  from withdrawals
  where {{ is_known("decided_at") }}
)

select * from final
