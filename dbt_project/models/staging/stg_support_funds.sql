with counted as (
  {{ counted_rows("support_funds") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    supported_on,
    kind,
    beneficiary_group,
    beneficiary_group_text,
    beneficiaries,
    beneficiaries_minority,
    amount_vnd,
    source,
    programme_code
  from counted
)

select * from final
