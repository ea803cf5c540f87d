{{ config(materialized="table") }}

with received as (
  select * from {{ ref("stg_submissions_received") }}
),

final as (
  select
    submission_id,
    submission_order,
    relative_path,
    container_path,
    file_name,
    file_format,
    sha256,
    size_bytes,
    received_at,
    ingested_at,
    load_id,
    unit_key,
    unit_decided_by,
    period_code,
    period_decided_by,
    verdict,
    reason_code,
    reason_vi,
    wrong_vi,
    advice_vi,
    known_at,
    arrival_order,
    last_known_at,
    last_received_at,
    is_sent_again
  from received
  where not is_withdrawn
)

select * from final
