{{ config(**by_unit({"int_activities_reconciled": "by_unit"})) }}

with activities as (
  select * from {{ ref("int_activities_reconciled") }}
  where {{ of_stale_units("unit_key") }}
),

final as (
  select
    activity_key,
    told_by,
    is_told_twice,
    unit_key,
    period_code,
    return_period_code,
    held_on,
    programme_code,
    activity_type,
    description,
    village,
    participants,
    quantity,
    uom,
    amount_vnd,
    event_id,
    submission_id,
    sheet_number,
    row_number
  from activities
)

select * from final
