{#- What is told of returns that were sent again or added to: what a newer one no longer has, what was added, what
    replaces nothing. -#}
with ranked as (
  select * from {{ ref("int_submissions_ranked") }}
  where verdict = 'accepted'
),

submissions as (
  select * from {{ ref("stg_submissions") }}
),

repeated as (
  select * from {{ ref("int_rows_repeated") }}
),

labels as (
  select
    form_name,
    max(label_vi) as form_label
  from {{ ref("expected_forms") }}
  group by form_name
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
  union
  select
    submission_id,
    form_name,
    scope_key,
    is_current
  from ranked
  where sent_as = 'supplement' and is_current
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
    || '.'
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
    || '” không có dòng số liệu nào (để trống hoặc chỉ ghi số 0) và không ghi “Không phát sinh”; '
    || 'số liệu đã gửi (tệp “' || kept_submissions.file_name || '”) vẫn được tính.' as message_vi
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
    || max(others.file_name) || '”), nên được tính là báo cáo mới nhất.'
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

whole_files as (
  select
    ranked.form_name,
    ranked.scope_key,
    {{ joined_text("'“' || submissions.file_name || '”'") }} as file_names
  from ranked
  inner join submissions
    on ranked.submission_id = submissions.submission_id
  where ranked.sent_as = 'whole' and ranked.is_current
  group by ranked.form_name, ranked.scope_key
),

-- Whoever meant to replace a return and called it a supplement has its figures twice.
supplements as (
  select
    'supplement_added' as finding_kind,
    ranked.unit_key,
    ranked.period_code,
    ranked.submission_id,
    cast(null as integer) as sheet_number,
    cast(null as bigint) as row_number,
    ranked.form_name,
    cast(count(*) as decimal(20, 3)) as figure_reported,
    labels.form_label || ': tệp “' || max(submissions.file_name) || '” ghi là bổ sung, nên '
    || {{ figure_in_vietnamese("count(*)") }} || ' dòng'
    || coalesce(', ' || {{ figure_in_vietnamese("nullif(sum(rows_added.people), 0)") }} || ' người', '')
    || coalesce(', ' || {{ figure_in_vietnamese("nullif(sum(rows_added.amount_vnd), 0)") }} || ' đồng', '')
    || ' được tính thêm vào báo cáo đã gửi (tệp ' || max(whole_files.file_names)
    || ').' as message_vi
  from ranked
  inner join rows_compared as rows_added
    on ranked.submission_id = rows_added.submission_id
    and ranked.form_name = rows_added.form_name
  left join repeated
    on rows_added.submission_id = repeated.submission_id
    and rows_added.form_name = repeated.form_name
    and rows_added.sheet_number = repeated.sheet_number
    and rows_added.row_number = repeated.row_number
  inner join whole_files
    on ranked.form_name = whole_files.form_name
    and ranked.scope_key = whole_files.scope_key
  inner join submissions
    on ranked.submission_id = submissions.submission_id
  inner join labels
    on ranked.form_name = labels.form_name
  where ranked.sent_as = 'supplement' and ranked.is_current and repeated.submission_id is null
  group by ranked.unit_key, ranked.period_code, ranked.submission_id, ranked.form_name, labels.form_label
),

final as (
  {{ findings(
    ["no_longer_reported", "blank_forms", "sent_again", "supplements"], {"field_name": none, "figure_computed": none}
  ) }}
)

select * from final
