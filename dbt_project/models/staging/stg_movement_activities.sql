with counted as (
  {{ counted_rows("movement_activities") }}
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    held_on,
    programme_code,
    activity_type,
    description,
    village,
    participants,
    cast(quantity * coalesce(uom_factor, 1) as decimal(20, 3)) as quantity,
    uom,
    cost_vnd
  from counted
)

select * from final
