with member_changes as (
  select * from {{ ref("int_member_changes_attributed") }}
),

pseudonym_key as (
  select secret from {{ source("raw", "pseudonym_key") }}
),

identified as (
  select
    member_changes.*,
    case
      when member_changes.citizen_id is not null then 'citizen_id|' || member_changes.citizen_id
      else
        'name|' || {{ fold("member_changes.full_name") }}
        || '|' || coalesce(cast(member_changes.birth_on as varchar), cast(member_changes.birth_year as varchar))
        || '|' || member_changes.unit_key
        || '|' || coalesce({{ fold("member_changes.village") }}, '')
    end as identity
  from member_changes
),

final as (
  select
    identified.row_key,
    identified.submission_id,
    identified.sheet_number,
    identified.row_number,
    {{ pseudonym("pseudonym_key.secret", "identified.identity") }} as member_key,
    identified.unit_key,
    identified.return_period_code,
    identified.period_code,
    identified.change_type,
    identified.changed_on,
    identified.ethnic_group_code,
    identified.is_core
  from identified
  cross join pseudonym_key
)

select * from final
