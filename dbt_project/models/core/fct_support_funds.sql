with support_funds as (
  select * from {{ ref("int_support_funds_attributed") }}
),

final as (
  select
    row_key as support_fund_key,
    unit_key,
    period_code,
    return_period_code,
    supported_on,
    kind as support_kind,
    kind in ('revolving_loan', 'entrusted_bank_loan') as is_loan,
    beneficiary_group,
    programme_code,
    beneficiaries,
    case
      when not {{ is_small_part("beneficiaries_minority", "beneficiaries") }} then beneficiaries_minority
    end as beneficiaries_minority,
    {{ is_small_part("beneficiaries_minority", "beneficiaries") }} as is_beneficiaries_minority_suppressed,
    amount_vnd,
    submission_id,
    sheet_number,
    row_number
  from support_funds
)

select * from final
