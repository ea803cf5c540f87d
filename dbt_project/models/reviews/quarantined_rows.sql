with quarantined as (
  select * from {{ ref("stg_quarantined_rows") }}
),

submissions as (
  select * from {{ ref("stg_submissions") }}
),

sheets as (
  select * from {{ ref("stg_sheets") }}
),

reasons as (
  select * from {{ ref("quarantine_reasons") }}
),

-- The address and the advice only: what was typed may be a name in the wrong column, so it stays in the working
-- database; so does the nearest value of a sensitive field, which tells the ethnic group or the religion of a person.
told as (
  select
    *,
    case
      when
        coalesce(form_name || '.' || field_name, '') not in (
          {%- for field in fields_with_personal_data() %}
          '{{ field }}'{% if not loop.last %},{% endif %}
          {%- endfor %}
        )
        then hint
    end as harmless_hint
  from quarantined
),

final as (
  select
    told.submission_id,
    submissions.file_name,
    submissions.unit_key,
    submissions.period_code,
    told.form_name,
    told.sheet_number,
    sheets.sheet_name,
    told.row_number,
    coalesce(told.column_letter || cast(told.row_number as string), told.field_label_vi)
      as cell,
    told.field_name,
    told.field_label_vi,
    told.reason_code,
    case
      when reasons.reason_code is null then told.reason_vi
      else
        coalesce('Cột “' || told.field_label_vi || '”: ', '') || reasons.label_vi || '. ' || reasons.advice_vi
        || coalesce(
          case
            when told.reason_code = 'below_minimum' then ' Nhỏ nhất là ' || told.harmless_hint || '.'
            when told.reason_code = 'above_maximum' then ' Lớn nhất là ' || told.harmless_hint || '.'
            else ' Gần nhất trong danh mục: “' || told.harmless_hint || '”.'
          end,
          ''
        )
    end as reason_vi,
    told.harmless_hint as hint
  from told
  inner join submissions using (submission_id)
  left join sheets
    on told.submission_id = sheets.submission_id
    and told.sheet_number = sheets.sheet_number
  left join reasons
    on told.reason_code = reasons.reason_code
)

select * from final
