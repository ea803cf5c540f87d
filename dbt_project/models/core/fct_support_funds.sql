with support_funds as (
  select * from {{ ref("int_support_funds_attributed") }}
),

sources as (
  select * from {{ ref("stg_support_sources") }}
),

final as (
  select
    support_funds.row_key as support_fund_key,
    support_funds.unit_key,
    support_funds.period_code,
    support_funds.return_period_code,
    support_funds.supported_on,
    support_funds.kind as support_kind,
    support_funds.kind in ('revolving_loan', 'entrusted_bank_loan') as is_loan,
    support_funds.beneficiary_group,
    support_funds.programme_code,
    support_funds.beneficiaries,
    case
      when not {{ is_small_part("support_funds.beneficiaries_minority", "support_funds.beneficiaries") }}
        then support_funds.beneficiaries_minority
    end as beneficiaries_minority,
    {{ is_small_part("support_funds.beneficiaries_minority", "support_funds.beneficiaries") }}
      as is_beneficiaries_minority_suppressed,
    support_funds.amount_vnd,
    support_funds.submission_id,
    support_funds.sheet_number,
    support_funds.row_number,
    support_funds.source,
    sources.source_category,
    case when support_funds.kind not in ('revolving_loan', 'entrusted_bank_loan') then support_funds.amount_vnd end
      as given_vnd,
    case when support_funds.kind in ('revolving_loan', 'entrusted_bank_loan') then support_funds.amount_vnd end
      as loan_vnd
  from support_funds
  left join sources
    on support_funds.source = sources.source
)

select * from final
