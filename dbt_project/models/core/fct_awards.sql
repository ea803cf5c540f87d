with awards as (
  select * from {{ ref("int_awards_attributed") }}
),

final as (
  -- Who was commended is named only where it is a collective.
  select
    row_key as award_key,
    unit_key,
    period_code,
    return_period_code,
    awarded_on,
    recipient_kind,
    case when recipient_kind = 'collective' then recipient end as collective_name,
    award,
    granted_by,
    programme_code,
    submission_id,
    sheet_number,
    row_number
  from awards
)

select * from final
