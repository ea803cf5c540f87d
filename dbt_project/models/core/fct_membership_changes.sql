{{ config(**by_unit(inputs_of_identified_members(), is_one_slice=true)) }}

with changes as (
  select * from {{ ref("int_members_identified") }}
  where {{ of_stale_units("unit_key") }}
),

final as (
  select
    row_key as membership_change_key,
    member_key,
    unit_key,
    period_code,
    return_period_code,
    changed_on,
    change_type,
    submission_id,
    sheet_number,
    row_number
  from changes
)

select * from final
