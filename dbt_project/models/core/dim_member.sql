with changes as (
  select * from {{ ref("int_members_identified") }}
),

last_told as (
  select
    *,
    row_number() over (
      partition by member_key
      order by changed_on desc, submission_id desc, sheet_number desc, row_number desc
    ) as change_from_last,
    min(changed_on) over (partition by member_key) as first_changed_on,
    count(*) over (partition by member_key) as change_count
  from changes
),

final as (
  select
    last_told.member_key,
    last_told.unit_key,
    last_told.change_type as last_change_type,
    last_told.first_changed_on,
    last_told.changed_on as last_changed_on,
    cast(last_told.change_count as integer) as change_count
  from last_told
  where last_told.change_from_last = 1
)

select * from final
