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

submissions as (
  select * from {{ ref("int_submissions_ranked") }}
  where is_current
),

changed as (
  select
    issued_figures.edition_id,
    issued_figures.issued_at,
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

-- What arrived since, for the unit itself or, in a total, for any unit of the area.
arrived_since as (
  select
    changed.edition_id,
    changed.unit_key,
    changed.period_code,
    changed.indicator_code,
    max(case when submissions.version > 1 then 1 else 0 end) as has_correction,
    max(case when submissions.version = 1 then 1 else 0 end) as has_late_return,
    string_agg(submissions.submission_id, ', ' order by submissions.submission_id) as submission_ids
  from changed
  inner join indicators
    on changed.indicator_code = indicators.indicator_code
  inner join units as reporting_units
    on changed.unit_key = reporting_units.unit_key
    or changed.unit_key = reporting_units.area_key
  inner join submissions
    on reporting_units.unit_key = submissions.unit_key
    and changed.period_code = submissions.period_code
    and indicators.form_name = submissions.form_name
    and changed.issued_at < submissions.received_at
  group by changed.edition_id, changed.unit_key, changed.period_code, changed.indicator_code
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
    case
      when arrived_since.has_correction = 1 and arrived_since.has_late_return = 1
        then 'Có báo cáo nộp lại và báo cáo nộp muộn'
      when arrived_since.has_correction = 1 then 'Có báo cáo nộp lại'
      when arrived_since.has_late_return = 1 then 'Có báo cáo nộp muộn'
      else 'Có thay đổi ở nhật ký, ở báo cáo kỳ khác, ở danh mục hoặc cách tính'
    end as cause,
    arrived_since.submission_ids
  from changed
  inner join indicators using (indicator_code)
  inner join units using (unit_key)
  left join arrived_since
    on changed.edition_id = arrived_since.edition_id
    and changed.unit_key = arrived_since.unit_key
    and changed.period_code = arrived_since.period_code
    and changed.indicator_code = arrived_since.indicator_code
)

select * from final
