with issued_figures as (
  select * from {{ ref("stg_issued_figures") }}
),

figures_now as (
  select * from {{ ref("halfyear_review") }}
),

indicators as (
  select * from {{ ref("dim_indicator") }}
),

units as (
  select * from {{ ref("dim_unit") }}
),

periods as (
  select * from {{ ref("dim_period") }}
),

figure_submissions as (
  select
    unit_key,
    period_code,
    indicator_code,
    submission_id,
    form_name,
    max(case when source_kind = 'row' then 0 else 1 end) as is_carried_over
  from {{ ref("figure_sources") }}
  group by unit_key, period_code, indicator_code, submission_id, form_name
),

submissions as (
  select * from {{ ref("int_submissions_ranked") }}
  where is_current
),

decisions as (
  select * from {{ ref("stg_withdrawals") }}
),

submissions_received as (
  select * from {{ ref("stg_submissions_received") }}
),

withdrawn_half_years as (
  select * from {{ ref("stg_withdrawn_half_years") }}
),

changed as (
  select
    issued_figures.edition_id,
    issued_figures.issued_at,
    issued_figures.as_of,
    issued_figures.unit_key,
    issued_figures.period_code,
    issued_figures.indicator_code,
    issued_figures.value as figure_as_issued,
    figures_now.value as figure_now
  from issued_figures
  left join figures_now
    on issued_figures.unit_key = figures_now.unit_key
    and issued_figures.period_code = figures_now.period_code
    and issued_figures.indicator_code = figures_now.indicator_code
  where issued_figures.value is distinct from figures_now.value
),

-- The figure of an area is that of each of its units.
changed_units as (
  select
    changed.edition_id,
    changed.as_of,
    changed.unit_key,
    changed.period_code,
    changed.indicator_code,
    changed.figure_as_issued,
    indicators.form_name,
    indicators.indicator_kind,
    reporting_units.unit_key as reporting_unit_key
  from changed
  inner join indicators
    on changed.indicator_code = indicators.indicator_code
  inner join units as reporting_units
    on changed.unit_key = reporting_units.unit_key
    or changed.unit_key = reporting_units.area_key
),

-- What the figure comes from now and, where a balance was carried over, what the earlier balances come from.
sources as (
  select
    changed_units.*,
    figure_submissions.submission_id,
    figure_submissions.form_name as source_form_name
  from changed_units
  inner join figure_submissions
    on changed_units.reporting_unit_key = figure_submissions.unit_key
    and changed_units.indicator_code = figure_submissions.indicator_code
    and changed_units.period_code = figure_submissions.period_code
  union all
  select
    changed_units.*,
    earlier.submission_id,
    earlier.form_name as source_form_name
  from changed_units
  inner join figure_submissions as carried_over
    on changed_units.reporting_unit_key = carried_over.unit_key
    and changed_units.indicator_code = carried_over.indicator_code
    and changed_units.period_code = carried_over.period_code
    and carried_over.is_carried_over = 1
  inner join figure_submissions as earlier
    on changed_units.reporting_unit_key = earlier.unit_key
    and changed_units.indicator_code = earlier.indicator_code
    and changed_units.period_code > earlier.period_code
),

-- What arrived since the instant that the edition counts up to, be it before or after its issue: files that the figure
-- comes from now; a newer return of the same half-year and form, which may have taken rows away; and a first one
-- without a row for the figure, where it made reported none of not reported.
arrivals as (
  select
    changed_units.edition_id,
    changed_units.unit_key,
    changed_units.period_code,
    changed_units.indicator_code,
    submissions.submission_id,
    case when submissions.version > 1 then 'báo cáo gửi lại' else 'báo cáo gửi quá hạn' end as arrival_vi
  from changed_units
  inner join submissions
    on changed_units.reporting_unit_key = submissions.unit_key
    and changed_units.period_code = submissions.period_code
    and changed_units.form_name = submissions.form_name
    and changed_units.as_of < submissions.last_known_at
    and (submissions.version > 1 or changed_units.figure_as_issued is null)
  union distinct
  select
    sources.edition_id,
    sources.unit_key,
    sources.period_code,
    sources.indicator_code,
    sources.submission_id,
    case
      when sources.source_form_name = 'activity_log' then 'sổ theo dõi hoạt động'
      when sources.source_form_name = 'opening_balances' then 'số hội viên đầu kỳ'
      when submissions.period_code <> sources.period_code then 'báo cáo của kỳ khác'
      when submissions.version > 1 then 'báo cáo gửi lại'
      else 'báo cáo gửi quá hạn'
    end as arrival_vi
  from sources
  inner join submissions
    on sources.submission_id = submissions.submission_id
    and sources.source_form_name = submissions.form_name
    and sources.as_of < submissions.last_known_at
),

editions as (
  select
    edition_id,
    as_of
  from issued_figures
  group by edition_id, as_of
),

decisions_known as (
  select
    editions.edition_id,
    decisions.submission_id,
    decisions.is_withdrawn,
    row_number() over (
      partition by editions.edition_id, decisions.submission_id
      order by decisions.decided_at desc
    ) as decision_from_last
  from editions
  inner join decisions
    on editions.as_of >= decisions.decided_at
),

-- What the edition counted and was withdrawn since, or the other way round. What was withdrawn and taken back in
-- between changed nothing, and what it did not know was never in its figures.
decided_since as (
  select
    editions.edition_id,
    submissions_received.submission_id,
    submissions_received.is_withdrawn,
    submissions_received.period_code as return_period_code
  from editions
  inner join submissions_received
    on editions.as_of >= submissions_received.known_at
  left join decisions_known
    on editions.edition_id = decisions_known.edition_id
    and submissions_received.submission_id = decisions_known.submission_id
    and decisions_known.decision_from_last = 1
  where submissions_received.is_withdrawn <> coalesce(decisions_known.is_withdrawn, false)
),

-- A number of members is carried on, so that what happened to an earlier half-year moves it too.
withdrawals as (
  select
    changed_units.edition_id,
    changed_units.unit_key,
    changed_units.period_code,
    changed_units.indicator_code,
    decided_since.submission_id,
    case
      when withdrawn_half_years.form_name = 'activity_log' then 'sổ theo dõi hoạt động'
      when withdrawn_half_years.form_name = 'opening_balances' then 'số hội viên đầu kỳ'
      when decided_since.return_period_code <> changed_units.period_code then 'báo cáo của kỳ khác'
      else 'báo cáo'
    end
    || case when decided_since.is_withdrawn then ' đã rút' else ' được tính trở lại' end as arrival_vi
  from changed_units
  inner join decided_since
    on changed_units.edition_id = decided_since.edition_id
  inner join withdrawn_half_years
    on decided_since.submission_id = withdrawn_half_years.submission_id
    and changed_units.reporting_unit_key = withdrawn_half_years.unit_key
    and (
      changed_units.form_name = withdrawn_half_years.form_name
      or (changed_units.form_name = 'movement_activities' and withdrawn_half_years.form_name = 'activity_log')
      or (changed_units.form_name = 'member_changes' and withdrawn_half_years.form_name = 'opening_balances')
    )
    and (
      changed_units.period_code = withdrawn_half_years.period_code
      or (
        changed_units.form_name = 'member_changes'
        and changed_units.indicator_kind = 'stock'
        and changed_units.period_code > withdrawn_half_years.period_code
      )
    )
),

reasons as (
  select * from arrivals
  union distinct
  select * from withdrawals
),

kinds as (
  select
    edition_id,
    unit_key,
    period_code,
    indicator_code,
    arrival_vi
  from reasons
  group by edition_id, unit_key, period_code, indicator_code, arrival_vi
),

causes as (
  select
    edition_id,
    unit_key,
    period_code,
    indicator_code,
    'Có ' || {{ joined_text("arrival_vi") }} as cause
  from kinds
  group by edition_id, unit_key, period_code, indicator_code
),

files as (
  select
    edition_id,
    unit_key,
    period_code,
    indicator_code,
    submission_id
  from reasons
  group by edition_id, unit_key, period_code, indicator_code, submission_id
),

moved_by as (
  select
    edition_id,
    unit_key,
    period_code,
    indicator_code,
    {{ joined_text("submission_id") }} as submission_ids
  from files
  group by edition_id, unit_key, period_code, indicator_code
),

final as (
  select
    changed.edition_id,
    changed.issued_at,
    changed.unit_key,
    units.unit_name,
    changed.period_code,
    changed.indicator_code,
    indicators.label_vi,
    changed.figure_as_issued,
    changed.figure_now,
    cast(coalesce(changed.figure_now, 0) - coalesce(changed.figure_as_issued, 0) as decimal(20, 3)) as difference,
    coalesce(causes.cause, 'Có thay đổi ở danh mục, ở cách tính hoặc ở báo cáo không còn được tính') as cause,
    moved_by.submission_ids,
    periods.label_vi as period_label_vi
  from changed
  inner join indicators using (indicator_code)
  inner join units using (unit_key)
  left join periods
    on changed.period_code = periods.period_code
  left join moved_by
    on changed.edition_id = moved_by.edition_id
    and changed.unit_key = moved_by.unit_key
    and changed.period_code = moved_by.period_code
    and changed.indicator_code = moved_by.indicator_code
  left join causes
    on changed.edition_id = causes.edition_id
    and changed.unit_key = causes.unit_key
    and changed.period_code = causes.period_code
    and changed.indicator_code = causes.indicator_code
)

select * from final
