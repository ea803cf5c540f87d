with counted as (
  {{ counted_rows("awards") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    awarded_on,
    recipient_kind,
    recipient,
    award,
    award_text,
    granted_by,
    programme_code
  from counted
)

select * from final
