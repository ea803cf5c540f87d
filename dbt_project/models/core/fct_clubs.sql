with clubs as (
  select * from {{ ref("int_clubs_attributed") }}
),

final as (
  select
    row_key as club_report_key,
    unit_key,
    return_period_code as period_code,
    period_code as founded_period_code,
    club_name,
    kind as club_kind,
    status as club_status,
    programme_code,
    village,
    founded_on,
    members,
    case when not {{ is_small_part("members_minority", "members") }} then members_minority end as members_minority,
    {{ is_small_part("members_minority", "members") }} as is_members_minority_suppressed,
    submission_id,
    sheet_number,
    row_number
  from clubs
)

select * from final
