with clubs as (
  select * from {{ ref("int_clubs_attributed") }}
),

identified as (
  select * from {{ ref("int_clubs_identified") }}
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
    clubs.row_key as club_report_key,
    clubs.unit_key,
    clubs.return_period_code as period_code,
    clubs.period_code as founded_period_code,
    clubs.club_name,
    clubs.kind as club_kind,
    clubs.status as club_status,
    clubs.programme_code,
    clubs.village,
    clubs.founded_on,
    clubs.members,
    case
      when not {{ is_small_part("clubs.members_minority", "clubs.members") }} then clubs.members_minority
    end as members_minority,
    {{ is_small_part("clubs.members_minority", "clubs.members") }} as is_members_minority_suppressed,
    clubs.submission_id,
    clubs.sheet_number,
    clubs.row_number,
    village_spellings.village_key,
    identified.club_key,
    coalesce(village_spellings.village_name, clubs.village) || ', ' || units.unit_label as village_label,
    clubs.status <> 'dissolved' as is_running
  from clubs
  inner join identified
    on clubs.row_key = identified.row_key
  inner join units
    on clubs.unit_key = units.unit_key
  left join village_spellings
    on clubs.unit_key = village_spellings.unit_key
    and {{ fold("clubs.village") }} = village_spellings.folded
)

select * from final
