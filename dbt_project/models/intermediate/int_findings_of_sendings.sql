{#- What is told of how returns were sent: what a newer one no longer has, what stands twice, what was left out. -#}
with ranked as (
  select * from {{ ref("int_submissions_ranked") }}
  where verdict = 'accepted'
),

submissions as (
  select * from {{ ref("stg_submissions") }}
),

sheets as (
  select * from {{ ref("stg_sheets") }}
),

sheet_tables as (
  select
    *,
    reason_code = 'corrected_below' as is_corrected
  from {{ ref("stg_sheet_tables") }}
),

structure_rows as (
  select * from {{ ref("stg_structure_rows") }}
),

control_totals as (
  select * from {{ ref("stg_control_totals") }}
  where kind = 'replaced'
),

number_cells as (
  select * from {{ ref("stg_number_cells") }}
),

repeated as (
  select * from {{ ref("int_rows_repeated") }}
),

events as (
  select * from {{ ref("int_activity_events_deduplicated") }}
),

periods as (
  select * from {{ ref("reporting_periods") }}
),

labels as (
  select
    form_name,
    max(label_vi) as form_label
  from {{ ref("expected_forms") }}
  group by form_name
),

people_fields as (
  {%- for form_name, field_name in fields_of_people().items() %}
  select
    '{{ form_name }}' as form_name,
    '{{ field_name }}' as field_name
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

-- Rows of what counts and of what counted before it, where something was replaced.
replaced_scopes as (
  select
    form_name,
    scope_key
  from ranked
  where is_replaced_last
  group by form_name, scope_key
),

compared as (
  select
    ranked.submission_id,
    ranked.form_name,
    ranked.scope_key,
    ranked.is_current
  from ranked
  inner join replaced_scopes
    on ranked.form_name = replaced_scopes.form_name
    and ranked.scope_key = replaced_scopes.scope_key
  where ranked.is_current or ranked.is_replaced_last
),

rows_compared as (
  {%- for form_name in forms_of_half_years() %}
  select
    compared.submission_id,
    compared.form_name,
    compared.scope_key,
    compared.is_current,
    form_rows.sheet_number,
    form_rows.row_number,
    md5({{ row_words(form_name, "form_rows", is_identity=true) }}) as event_digest,
    {{ people_and_money(form_name, "form_rows") }}
  from {{ ref("stg_" ~ form_name) }} as form_rows
  inner join compared
    on form_rows.submission_id = compared.submission_id
    and compared.form_name = '{{ form_name }}'
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

rows_numbered as (
  select
    *,
    row_number() over (
      partition by form_name, scope_key, is_current, event_digest
      order by submission_id, sheet_number, row_number
    ) as number_among_alike
  from rows_compared
),

rows_gone as (
  select
    older.form_name,
    older.scope_key,
    count(*) as row_count,
    coalesce(sum(older.people), 0) as people,
    coalesce(sum(older.amount_vnd), 0) as amount_vnd
  from rows_numbered as older
  left join rows_numbered as newer
    on older.form_name = newer.form_name
    and older.scope_key = newer.scope_key
    and older.event_digest = newer.event_digest
    and older.number_among_alike = newer.number_among_alike
    and newer.is_current
  where not older.is_current and newer.form_name is null
  group by older.form_name, older.scope_key
),

files_compared as (
  select
    ranked.form_name,
    ranked.scope_key,
    max(case when ranked.is_current then ranked.arrival_order end) as newest_order,
    {{ joined_text("case when ranked.is_replaced_last then '“' || submissions.file_name || '”' end") }} as older_files
  from ranked
  inner join submissions
    on ranked.submission_id = submissions.submission_id
  group by ranked.form_name, ranked.scope_key
),

no_longer_reported as (
  select
    'rows_no_longer_reported' as finding_kind,
    ranked.unit_key,
    ranked.period_code,
    ranked.submission_id,
    cast(null as integer) as sheet_number,
    cast(null as bigint) as row_number,
    ranked.form_name,
    cast(rows_gone.row_count as decimal(20, 3)) as figure_reported,
    labels.form_label || ': báo cáo gửi lại (tệp “' || submissions.file_name || '”) không còn '
    || {{ figure_in_vietnamese("rows_gone.row_count") }} || ' dòng đã có trong báo cáo trước (tệp '
    || files_compared.older_files || ')'
    || case
      when rows_gone.people > 0 then ', ' || {{ figure_in_vietnamese("rows_gone.people") }} || ' người' else ''
    end
    || case
      when rows_gone.amount_vnd > 0 then ', ' || {{ figure_in_vietnamese("rows_gone.amount_vnd") }} || ' đồng' else ''
    end
    || '. Nếu các dòng này vẫn đúng, đề nghị gửi lại biểu đầy đủ, hoặc ghi “bổ sung” ở tên biểu nếu chỉ gửi phần thêm.'
      as message_vi
  from rows_gone
  inner join files_compared
    on rows_gone.form_name = files_compared.form_name
    and rows_gone.scope_key = files_compared.scope_key
  inner join ranked
    on rows_gone.form_name = ranked.form_name
    and rows_gone.scope_key = ranked.scope_key
    and files_compared.newest_order = ranked.arrival_order
  inner join submissions
    on ranked.submission_id = submissions.submission_id
  inner join labels
    on ranked.form_name = labels.form_name
),

blank_forms as (
  select
    'blank_form' as finding_kind,
    ranked.unit_key,
    ranked.period_code,
    ranked.submission_id,
    cast(null as integer) as sheet_number,
    cast(null as bigint) as row_number,
    ranked.form_name,
    cast(null as decimal(20, 3)) as figure_reported,
    labels.form_label
    || ' trong tệp “'
    || submissions.file_name
    || '” không có dòng nào và không ghi “Không phát sinh”; '
    || 'số liệu đã gửi (tệp “' || kept_submissions.file_name || '”) vẫn được tính. Nếu đúng là không có, đề nghị ghi '
    || '“Không phát sinh” vào biểu rồi gửi lại.' as message_vi
  from ranked
  inner join files_compared
    on ranked.form_name = files_compared.form_name
    and ranked.scope_key = files_compared.scope_key
    and ranked.arrival_order > files_compared.newest_order
  inner join ranked as kept
    on files_compared.form_name = kept.form_name
    and files_compared.scope_key = kept.scope_key
    and files_compared.newest_order = kept.arrival_order
  inner join submissions
    on ranked.submission_id = submissions.submission_id
  inner join submissions as kept_submissions
    on kept.submission_id = kept_submissions.submission_id
  inner join labels
    on ranked.form_name = labels.form_name
  where ranked.sent_as = 'blank' and not ranked.is_current
),

sent_again as (
  select
    'sent_again' as finding_kind,
    ranked.unit_key,
    ranked.period_code,
    ranked.submission_id,
    cast(null as integer) as sheet_number,
    cast(null as bigint) as row_number,
    ranked.form_name,
    cast(null as decimal(20, 3)) as figure_reported,
    labels.form_label
    || ': tệp “'
    || max(submissions.file_name)
    || '” được gửi lại, sau khi đã có báo cáo thay nó (tệp “'
    || max(others.file_name) || '”), nên được tính là báo cáo mới nhất. Nếu gửi nhầm bản cũ, đề nghị gửi lại bản đúng.'
      as message_vi
  from ranked
  inner join submissions
    on ranked.submission_id = submissions.submission_id
  inner join ranked as replacing
    on ranked.form_name = replacing.form_name
    and ranked.scope_key = replacing.scope_key
    and ranked.submission_order < replacing.submission_order
    and ranked.arrival_order > replacing.arrival_order
    and replacing.sent_as = 'whole'
  inner join submissions as others
    on replacing.submission_id = others.submission_id
  inner join labels
    on ranked.form_name = labels.form_name
  where ranked.is_current and submissions.is_sent_again
  group by ranked.unit_key, ranked.period_code, ranked.submission_id, ranked.form_name, labels.form_label
),

files_that_count as (
  select submission_id
  from ranked
  where is_current
  group by submission_id
),

figures_aside as (
  select
    control_totals.submission_id,
    control_totals.sheet_number,
    control_totals.table_number,
    sum(case when people_fields.field_name is not null then control_totals.value end) as people,
    sum(case when control_totals.field_name in ('amount_vnd', 'cost_vnd') then control_totals.value_vnd end)
      as amount_vnd
  from control_totals
  left join people_fields
    on control_totals.form_name = people_fields.form_name
    and control_totals.field_name = people_fields.field_name
  group by control_totals.submission_id, control_totals.sheet_number, control_totals.table_number
),

rows_aside as (
  select
    submission_id,
    sheet_number,
    table_number,
    count(*) as row_count
  from structure_rows
  where kind = 'replaced'
  group by submission_id, sheet_number, table_number
),

figures_that_count as (
  select
    number_cells.submission_id,
    number_cells.form_name,
    sum(case when people_fields.field_name is not null then number_cells.value end) as people,
    sum(case when number_cells.field_name in ('amount_vnd', 'cost_vnd') then number_cells.value end) as amount_vnd
  from number_cells
  left join people_fields
    on number_cells.form_name = people_fields.form_name
    and number_cells.field_name = people_fields.field_name
  group by number_cells.submission_id, number_cells.form_name
),

tables_aside as (
  select
    case when sheet_tables.is_corrected then 'replaced_in_file' else 'table_aside' end as finding_kind,
    submissions.unit_key,
    submissions.period_code,
    sheet_tables.submission_id,
    sheet_tables.sheet_number,
    sheet_tables.header_first_row as row_number,
    sheet_tables.form_name,
    cast(figures_aside.amount_vnd as decimal(20, 3)) as figure_reported,
    sheet_tables.reason_vi || case
      when not sheet_tables.is_corrected then ''
      else
        ' Bảng không tổng hợp có ' || {{ figure_in_vietnamese("rows_aside.row_count") }} || ' dòng'
        || coalesce(', ' || {{ figure_in_vietnamese("figures_aside.people") }} || ' người', '')
        || coalesce(', ' || {{ figure_in_vietnamese("figures_aside.amount_vnd") }} || ' đồng', '')
        || coalesce(
          '; phần được tổng hợp có ' || {{ figure_in_vietnamese("figures_that_count.people") }} || ' người', ''
        )
        || coalesce(', ' || {{ figure_in_vietnamese("figures_that_count.amount_vnd") }} || ' đồng', '')
        || '. Đề nghị bỏ bảng thừa; nếu cả hai bảng đều phải tính, đề nghị ghi tên chi hội ở phần đầu mỗi bảng.'
    end as message_vi
  from sheet_tables
  inner join files_that_count
    on sheet_tables.submission_id = files_that_count.submission_id
  inner join submissions
    on sheet_tables.submission_id = submissions.submission_id
  left join rows_aside
    on sheet_tables.submission_id = rows_aside.submission_id
    and sheet_tables.sheet_number = rows_aside.sheet_number
    and sheet_tables.table_number = rows_aside.table_number
  left join figures_aside
    on sheet_tables.submission_id = figures_aside.submission_id
    and sheet_tables.sheet_number = figures_aside.sheet_number
    and sheet_tables.table_number = figures_aside.table_number
  left join figures_that_count
    on sheet_tables.submission_id = figures_that_count.submission_id
    and sheet_tables.form_name = figures_that_count.form_name
  where sheet_tables.verdict = 'aside'
),

repeated_rows as (
  select
    'row_repeated' as finding_kind,
    repeated.unit_key,
    repeated.return_period_code as period_code,
    repeated.submission_id,
    repeated.sheet_number,
    repeated.row_number,
    repeated.form_name,
    cast(null as decimal(20, 3)) as figure_reported,
    'Dòng này đã có trong báo cáo ' || periods.label_vi || ' (tệp “' || submissions.file_name || '”, trang tính “'
    || sheets.sheet_name || '”, dòng ' || cast(repeated.first_row_number as string)
    || ') và đã được tính ở đó, nên không tính lần thứ hai. Nếu là hai việc khác nhau, đề nghị ghi rõ chỗ khác nhau '
    || 'rồi gửi lại.' as message_vi
  from repeated
  inner join periods
    on repeated.first_period_code = periods.period_code
  inner join submissions
    on repeated.first_submission_id = submissions.submission_id
  left join sheets
    on repeated.first_submission_id = sheets.submission_id
    and repeated.first_sheet_number = sheets.sheet_number
),

days_told as (
  {%- for form_name in forms_of_half_years() %}
  select
    form_rows.unit_key,
    form_rows.return_period_code as period_code,
    form_rows.submission_id,
    form_rows.sheet_number,
    form_rows.row_number,
    '{{ form_name }}' as form_name,
    '{{ form_contract(form_name).event_date }}' as field_name,
    form_rows.{{ form_contract(form_name).event_date }} as event_on
  from {{ ref("int_" ~ form_name ~ "_attributed") }} as form_rows
  where form_rows.period_code is not null
  union all
  {%- endfor %}
  select
    unit_key,
    period_code,
    submission_id,
    sheet_number,
    row_number,
    'activity_log' as form_name,
    'occurred_at' as field_name,
    occurred_on as event_on
  from events
),

days_to_come as (
  select
    'day_after_receipt' as finding_kind,
    days_told.unit_key,
    days_told.period_code,
    days_told.submission_id,
    days_told.sheet_number,
    days_told.row_number,
    days_told.form_name,
    days_told.field_name,
    'Ngày ' || {{ day_in_vietnamese("days_told.event_on") }}
    || ' sau ngày nhận báo cáo, nên việc này chưa thể đã làm.'
    || ' Đề nghị kiểm tra lại ngày; nếu là kế hoạch thì bỏ dòng này.'
      as message_vi
  from days_told
  inner join submissions
    on days_told.submission_id = submissions.submission_id
  where submissions.last_received_at < {{ vietnam_midnight("days_told.event_on") }}
),

found as (
  {%- for relation in [
    "no_longer_reported", "blank_forms", "sent_again", "tables_aside", "repeated_rows"
  ] %}
  select
    finding_kind,
    unit_key,
    period_code,
    submission_id,
    sheet_number,
    row_number,
    form_name,
    cast(null as string) as field_name,
    figure_reported,
    message_vi
  from {{ relation }}
  union all
  {%- endfor %}
  select
    finding_kind,
    unit_key,
    period_code,
    submission_id,
    sheet_number,
    row_number,
    form_name,
    field_name,
    cast(null as decimal(20, 3)) as figure_reported,
    message_vi
  from days_to_come
),

final as (
  select
    finding_kind,
    unit_key,
    period_code,
    submission_id,
    sheet_number,
    row_number,
    form_name,
    field_name,
    figure_reported,
    cast(null as decimal(20, 3)) as figure_computed,
    message_vi
  from found
)

select * from final
