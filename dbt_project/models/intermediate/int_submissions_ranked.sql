with judged as (
  select
    submission_id,
    form_name,
    unit_key,
    period_code,
    received_at,
    submission_order,
    verdict,
    reason_code,
    reason_vi
  from {{ ref("int_submissions_judged") }}
  where not is_withdrawn
),

targets as (
  select * from {{ ref("stg_targets") }}
),

opening_balances as (
  select * from {{ ref("stg_opening_balances") }}
),

target_years as (
  select
    submission_id,
    cast(year as string) as scope_key
  from targets
  group by submission_id, year
),

opening_units as (
  select
    submission_id,
    unit_key || ' ' || cast(as_of as string) as scope_key
  from opening_balances
  group by submission_id, unit_key, as_of
),

-- What a newer submission replaces: a return its unit's half-year, a targets file its year, a count of members that
-- of its unit and day, a log nothing.
scoped as (
  select
    judged.*,
    case
      when judged.form_name = 'targets' then coalesce(target_years.scope_key, judged.submission_id)
      when judged.form_name = 'opening_balances' then coalesce(opening_units.scope_key, judged.submission_id)
      when judged.form_name in ('activity_log', 'unknown') then judged.submission_id
      else coalesce(judged.unit_key, '') || ' ' || coalesce(judged.period_code, '')
    end as scope_key
  from judged
  left join target_years
    on judged.submission_id = target_years.submission_id
    and judged.form_name = 'targets'
  left join opening_units
    on judged.submission_id = opening_units.submission_id
    and judged.form_name = 'opening_balances'
),

-- Loads number submissions by arrival; a file of a later load is later knowledge, whatever date it bears.
ranked as (
  select
    *,
    row_number() over (
      partition by form_name, scope_key, verdict
      order by submission_order
    ) as arrival,
    row_number() over (
      partition by form_name, scope_key, verdict
      order by submission_order desc
    ) as arrival_from_last
  from scoped
),

final as (
  select
    submission_id,
    form_name,
    scope_key,
    unit_key,
    period_code,
    received_at,
    submission_order,
    verdict,
    reason_code,
    reason_vi,
    case when verdict = 'accepted' then cast(arrival as integer) end as version,
    verdict = 'accepted' and arrival_from_last = 1 as is_current
  from ranked
)

select * from final
