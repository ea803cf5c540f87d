{{ config(**by_unit({"int_member_changes_attributed": "by_unit"}, is_one_slice=true)) }}

with member_changes as (
  select * from {{ ref("int_member_changes_attributed") }}
  where {{ of_stale_units("unit_key") }}
),

pseudonym_key as (
  select secret from {{ source("raw", "pseudonym_key") }}
),

made_comparable as (
  select
    member_changes.*,
    {{ fold("member_changes.full_name") }} as folded_name,
    coalesce({{ fold("member_changes.village") }}, '') as folded_village,
    coalesce(cast(member_changes.birth_on as string), cast(member_changes.birth_year as string)) as birth
  from member_changes
),

final as (
  select
    made_comparable.row_key,
    made_comparable.submission_id,
    made_comparable.sheet_number,
    made_comparable.row_number,
    {{ pseudonym(
      "pseudonym_key.secret",
      "'mention|' || coalesce(made_comparable.citizen_id, '') || '|' || made_comparable.folded_name"
      " || '|' || made_comparable.birth || '|' || made_comparable.unit_key || '|' || made_comparable.folded_village"
    ) }} as mention_key,
    made_comparable.citizen_id,
    made_comparable.folded_name,
    made_comparable.birth,
    cast(made_comparable.birth_year as integer) as birth_year,
    made_comparable.unit_key,
    made_comparable.folded_village,
    made_comparable.return_period_code,
    made_comparable.period_code,
    made_comparable.change_type,
    made_comparable.changed_on,
    made_comparable.ethnic_group_code,
    made_comparable.is_core
  from made_comparable
  cross join pseudonym_key
)

select * from final
