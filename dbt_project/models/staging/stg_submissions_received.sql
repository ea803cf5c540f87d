{{ config(materialized="table") }}

with submissions as (
  select * from {{ source("raw", "submissions") }}
),

-- The newest decision holds: what was withdrawn may have been taken back.
decisions as (
  select
    *,
    row_number() over (partition by submission_id order by decided_at desc) as decision_from_last
  from {{ ref("stg_withdrawals") }}
),

withdrawn as (
  select
    submission_id,
    decided_at,
    why
  from decisions
  where decision_from_last = 1 and is_withdrawn
),

final as (
  select
    submissions.submission_id,
    submissions.submission_order,
    submissions.relative_path,
    submissions.container_path,
    submissions.file_name,
    submissions.file_format,
    submissions.sha256,
    submissions.size_bytes,
    submissions.received_at,
    submissions.ingested_at,
    submissions.load_id,
    submissions.unit_key,
    submissions.unit_decided_by,
    submissions.period_code,
    submissions.period_decided_by,
    submissions.verdict,
    submissions.reason_code,
    submissions.reason_vi,
    withdrawn.submission_id is not null as is_withdrawn,
    withdrawn.decided_at as withdrawn_at,
    withdrawn.why as withdrawn_why
  from submissions
  left join withdrawn
    on submissions.submission_id = withdrawn.submission_id
  where {{ is_known("submissions.received_at") }}
)

select * from final
