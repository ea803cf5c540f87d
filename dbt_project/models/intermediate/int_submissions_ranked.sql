with validated as (
  select
    submission_id,
    form_name,
    unit_key,
    period_code,
    received_at,
    submission_order,
    verdict,
    reason_code,
    reason_vi,
    load_id,
    sent_in,
    known_at,
    last_known_at,
    coalesce(arrival_order, submission_order) as arrival_order,
    coalesce(is_supplement, false) as is_supplement,
    branches,
    -- a log is streamed and a return without a half-year refused: neither is a form without rows
    coalesce(is_filled, true) or form_name = 'activity_log' as is_filled
  from {{ ref("int_submissions_validated") }}
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
    validated.*,
    case
      when validated.form_name = 'targets' then coalesce(target_years.scope_key, validated.submission_id)
      when validated.form_name = 'opening_balances' then coalesce(opening_units.scope_key, validated.submission_id)
      when validated.form_name in ('activity_log', 'unknown') then validated.submission_id
      else coalesce(validated.unit_key, '') || ' ' || coalesce(validated.period_code, '')
    end as scope_key
  from validated
  left join target_years
    on validated.submission_id = target_years.submission_id
    and validated.form_name = 'targets'
  left join opening_units
    on validated.submission_id = opening_units.submission_id
    and validated.form_name = 'opening_balances'
),

-- What came together and names a village branch is a part of one return, and stands beside the other parts. Of what
-- tells of the same, the last that arrived counts, whatever date it bears.
sent as (
  select
    *,
    case
      when branches is not null and not is_supplement and verdict = 'accepted' then sent_in
      else submission_id
    end as return_key,
    case
      when verdict <> 'accepted' then 'refused'
      when not is_filled then 'blank'
      when is_supplement then 'supplement'
      else 'whole'
    end as sent_as
  from scoped
),

numbered as (
  select
    *,
    row_number() over (partition by form_name, scope_key, verdict order by arrival_order) as arrival,
    max(arrival_order) over (partition by form_name, scope_key, sent_as, return_key) as return_order,
    row_number() over (
      partition by form_name, scope_key, sent_as, return_key, coalesce(branches, '')
      order by arrival_order desc
    ) as of_branch_from_last,
    max(case when sent_as in ('whole', 'supplement') then 1 else 0 end) over (partition by form_name, scope_key)
    = 1 as has_rows
  from sent
),

ranked as (
  select
    *,
    dense_rank() over (partition by form_name, scope_key, sent_as order by return_order desc) as return_from_last
  from numbered
),

-- The whole return that counts, and the one before it.
returns as (
  select
    form_name,
    scope_key,
    max(case when return_from_last = 1 then return_order end) as newest_order,
    max(case when return_from_last = 2 then return_order end) as last_order,
    max(case when return_from_last = 1 then load_id end) as newest_load_id,
    max(case when return_from_last = 1 then cast(received_at as date) end) as newest_received_on
  from ranked
  where sent_as = 'whole'
  group by form_name, scope_key
),

placed as (
  select
    ranked.*,
    returns.newest_order,
    coalesce(returns.last_order, 0) as last_order,
    case ranked.sent_as
      when 'whole' then ranked.return_from_last = 1 and ranked.of_branch_from_last = 1
      -- a supplement that came with the return that it adds to may stand before it in the folder
      when 'supplement'
        then
          returns.newest_order is null
          or ranked.arrival_order > returns.newest_order
          or (
            ranked.load_id = returns.newest_load_id
            and cast(ranked.received_at as date) = returns.newest_received_on
          )
      -- a form without a row takes back nothing, and reports none where nothing else is told
      when 'blank' then ranked.return_from_last = 1 and not ranked.has_rows
      else false
    end as is_current
  from ranked
  left join returns
    on ranked.form_name = returns.form_name
    and ranked.scope_key = returns.scope_key
),

final as (
  select
    submission_id,
    form_name,
    scope_key,
    unit_key,
    period_code,
    received_at,
    known_at,
    last_known_at,
    submission_order,
    arrival_order,
    verdict,
    reason_code,
    reason_vi,
    sent_as,
    case when verdict = 'accepted' then cast(arrival as integer) end as version,
    coalesce(is_current, false) as is_current,
    -- what counted until the newest whole return came
    not coalesce(is_current, false)
    and (
      (sent_as = 'whole' and return_from_last = 2 and of_branch_from_last = 1)
      or (sent_as = 'supplement' and arrival_order between last_order and newest_order)
    ) as is_replaced_last
  from placed
)

select * from final
