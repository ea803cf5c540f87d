{{ config(materialized="table") }}

with submissions as (
  select * from {{ source("raw", "submissions") }}
),

receipts as (
  select * from {{ source("raw", "receipts") }}
),

-- What is sent again is the newest again.
arrivals as (
  select
    submission_id,
    max(arrival_order) as arrival_order,
    arg_max(coalesce(known_at, received_at), arrival_order) as last_known_at,
    arg_max(received_at, arrival_order) as last_received_at,
    count(*) > 1 as is_sent_again
  from receipts
  where submission_id is not null and arrival_order is not null and {{ is_known("coalesce(known_at, received_at)") }}
  group by submission_id
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
    coalesce(submissions.wrong_vi, submissions.reason_vi) as wrong_vi,
    coalesce(submissions.advice_vi, '') as advice_vi,
    coalesce(submissions.known_at, submissions.received_at) as known_at,
    coalesce(arrivals.arrival_order, submissions.submission_order) as arrival_order,
    coalesce(arrivals.last_known_at, submissions.known_at, submissions.received_at) as last_known_at,
    coalesce(arrivals.last_received_at, submissions.received_at) as last_received_at,
    coalesce(arrivals.is_sent_again, false) as is_sent_again,
    submissions.load_id || '|' || coalesce(
      submissions.container_path, regexp_replace(submissions.relative_path, '[^/]*$', '')
    ) as sent_in,
    withdrawn.submission_id is not null as is_withdrawn,
    withdrawn.decided_at as withdrawn_at,
    withdrawn.why as withdrawn_why
  from submissions
  left join withdrawn
    on submissions.submission_id = withdrawn.submission_id
  left join arrivals
    on submissions.submission_id = arrivals.submission_id
  where {{ is_known("coalesce(submissions.known_at, submissions.received_at)") }}
)

select * from final
