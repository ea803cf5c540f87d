with submissions as (
  select * from {{ ref("stg_submissions_received") }}
),

sheet_tables as (
  select * from {{ ref("stg_sheet_tables") }}
),

forms_sent as (
  select
    submission_id,
    form_name,
    case when count(case when verdict <> 'rejected' then 1 end) > 0 then 'accepted' else 'rejected' end
      as form_verdict,
    max(case when verdict = 'rejected' then reason_code end) as reason_code,
    max(case when verdict = 'rejected' then reason_vi end) as reason_vi,
    -- a file adds to another only where all of its tables of the form do
    count(case when verdict = 'accepted' and sending = 'supplement' then 1 end)
    = count(case when verdict = 'accepted' then 1 end) as is_supplement,
    case
      when count(case when verdict = 'accepted' and branch is null then 1 end) = 0
        then {{ joined_text("case when verdict = 'accepted' then branch end") }}
    end as branches,
    max(
      case when verdict = 'accepted' and (body_rows is null or body_rows > 0 or says_nothing) then 1 else 0 end
    ) = 1 as is_filled
  from sheet_tables
  where form_name is not null and verdict <> 'aside'
  group by submission_id, form_name
),

-- A file that was refused before any form was found in it still is an answer to "who has sent what".
final as (
  select
    submissions.submission_id,
    coalesce(forms_sent.form_name, 'unknown') as form_name,
    submissions.unit_key,
    submissions.period_code,
    submissions.file_name,
    submissions.received_at,
    submissions.submission_order,
    case
      when submissions.verdict = 'rejected' or forms_sent.form_name is null then 'rejected'
      else forms_sent.form_verdict
    end as verdict,
    case when submissions.verdict = 'rejected' then submissions.reason_code else forms_sent.reason_code end
      as reason_code,
    case when submissions.verdict = 'rejected' then submissions.reason_vi else forms_sent.reason_vi end as reason_vi,
    submissions.load_id,
    submissions.sent_in,
    submissions.known_at,
    submissions.arrival_order,
    submissions.last_known_at,
    coalesce(forms_sent.is_supplement, false) as is_supplement,
    forms_sent.branches,
    coalesce(forms_sent.is_filled, true) as is_filled,
    submissions.is_withdrawn,
    submissions.withdrawn_at,
    submissions.withdrawn_why
  from submissions
  left join forms_sent
    on submissions.submission_id = forms_sent.submission_id
  where forms_sent.form_name is not null or submissions.verdict = 'rejected'
)

select * from final
