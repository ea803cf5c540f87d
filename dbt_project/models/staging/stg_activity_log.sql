with counted as (
  {{ counted_rows("activity_log") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    event_id,
    occurred_at,
    cast(occurred_at at time zone 'Asia/Ho_Chi_Minh' as date) as occurred_on,
    unit_key,
    village,
    programme_code,
    activity_type,
    participants,
    cast(quantity * coalesce(uom_factor, 1) as decimal(20, 3)) as quantity,
    uom,
    amount_vnd
  from counted
)

select * from final
