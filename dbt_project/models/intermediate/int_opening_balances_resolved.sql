with opening_balances as (
  select * from {{ ref("stg_opening_balances") }}
),

submissions as (
  select * from {{ ref("int_submissions_ranked") }}
),

final as (
  -- A file that names a unit twice means its last line.
  select
    opening_balances.unit_key,
    opening_balances.as_of,
    opening_balances.members,
    opening_balances.members_minority,
    opening_balances.core_members,
    opening_balances.submission_id,
    opening_balances.sheet_number,
    opening_balances.row_number
  from opening_balances
  inner join submissions
    on opening_balances.submission_id = submissions.submission_id
    and submissions.form_name = 'opening_balances'
    and opening_balances.unit_key = submissions.scope_key
    and submissions.is_current
  qualify
    row_number() over (
      partition by opening_balances.unit_key
      order by opening_balances.sheet_number desc, opening_balances.row_number desc
    ) = 1
)

select * from final
