{{ config(**by_unit({"int_activities_reconciled": "by_unit"}, is_one_slice=true)) }}

with activities as (
  select * from {{ ref("int_activities_reconciled") }}
  where {{ of_stale_units("unit_key") }}
),

village_spellings as (
  select * from {{ ref("int_village_spellings") }}
),

units as (
  select
    unit_key,
    unit_label
  from {{ ref("dim_unit") }}
),

final as (
  select
    activities.activity_key,
    activities.told_by,
    activities.is_told_twice,
    activities.unit_key,
    activities.period_code,
    activities.return_period_code,
    activities.held_on,
    activities.programme_code,
    activities.activity_type,
    activities.description,
    activities.village,
    activities.participants,
    activities.quantity,
    activities.uom,
    activities.amount_vnd,
    activities.event_id,
    activities.submission_id,
    activities.sheet_number,
    activities.row_number,
    village_spellings.village_key,
    activities.raised_vnd,
    coalesce(village_spellings.village_name, activities.village) || ', ' || units.unit_label as village_label
  from activities
  inner join units
    on activities.unit_key = units.unit_key
  left join village_spellings
    on activities.unit_key = village_spellings.unit_key
    and {{ fold("activities.village") }} = village_spellings.folded
)

select * from final
