with indicators as (
  select * from {{ ref("indicators") }}
),

components as (
  select * from {{ ref("int_indicator_components") }}
),

conditions as (
  select * from {{ ref("int_indicator_conditions") }}
),

codes as (
  select * from {{ ref("int_codes") }}
),

-- Components that differ in one field only are one clause that lists its values; any others are a clause each.
fields_asked as (
  select
    indicator_code,
    field_name,
    count(*) as asked_count,
    count(distinct code) as code_count
  from conditions
  group by indicator_code, field_name
),

summed as (
  select
    indicator_code,
    count(*) as component_count,
    count(distinct measure || cast(sign as string)) as measure_count
  from components
  group by indicator_code
),

clauses as (
  select
    summed.indicator_code,
    max(summed.measure_count) = 1
    and count(case when fields_asked.asked_count <> summed.component_count then 1 end) = 0
    and count(case when fields_asked.code_count > 1 then 1 end) <= 1 as is_one_clause
  from summed
  left join fields_asked
    on summed.indicator_code = fields_asked.indicator_code
  group by summed.indicator_code
),

-- What a clause takes: of every field that is asked for, its values.
values_of_fields as (
  select
    components.indicator_code,
    case when clauses.is_one_clause then 1 else components.component_number end as clause_number,
    conditions.field_label_vi,
    conditions.field_label_en,
    conditions.label_vi,
    conditions.label_en
  from components
  inner join clauses using (indicator_code)
  inner join conditions
    on components.indicator_code = conditions.indicator_code
    and components.component_number = conditions.component_number
  group by
    components.indicator_code,
    case when clauses.is_one_clause then 1 else components.component_number end,
    conditions.field_label_vi, conditions.field_label_en, conditions.label_vi, conditions.label_en
),

fields_in_words as (
  select
    indicator_code,
    clause_number,
    field_label_vi || ': ' || {{ joined_text("label_vi") }} as field_vi,
    field_label_en || ': ' || {{ joined_text("label_en") }} as field_en
  from values_of_fields
  group by indicator_code, clause_number, field_label_vi, field_label_en
),

conditions_in_words as (
  select
    indicator_code,
    clause_number,
    {{ joined_text("field_vi", "'; '") }} as condition_vi,
    {{ joined_text("field_en", "'; '") }} as condition_en
  from fields_in_words
  group by indicator_code, clause_number
),

measured as (
  select
    components.indicator_code,
    case when clauses.is_one_clause then 1 else components.component_number end as clause_number,
    max(components.measure_label_vi) as measure_vi,
    max(components.measure_label_en) as measure_en,
    max(components.sign) as sign
  from components
  inner join clauses using (indicator_code)
  group by
    components.indicator_code, case when clauses.is_one_clause then 1 else components.component_number end
),

clauses_in_words as (
  select
    measured.indicator_code,
    case when measured.sign < 0 then 'trừ tổng ' else 'tổng ' end || measured.measure_vi
    || coalesce(' của các dòng có ' || conditions_in_words.condition_vi, ' của tất cả các dòng') as clause_vi,
    case when measured.sign < 0 then 'less the total ' else 'total ' end || measured.measure_en
    || coalesce(', rows with ' || conditions_in_words.condition_en, ', all rows') as clause_en
  from measured
  left join conditions_in_words
    on measured.indicator_code = conditions_in_words.indicator_code
    and measured.clause_number = conditions_in_words.clause_number
),

joined_clauses as (
  select
    indicator_code,
    {{ joined_text("clause_vi", "' | '") }} as clauses_vi,
    {{ joined_text("clause_en", "' | '") }} as clauses_en
  from clauses_in_words
  group by indicator_code
),

-- Activities are told by logs too.
final as (
  select
    indicators.indicator_code,
    '“' || forms.label_vi || '”: ' || joined_clauses.clauses_vi
    || case
      when indicators.form_name = 'movement_activities'
        then '; kể cả hoạt động chỉ có trong sổ theo dõi hoạt động'
      else ''
    end
    || case indicators.kind
      when 'flow' then '. Tính vào kỳ báo cáo có ngày ghi ở từng dòng.'
      else '. Tính theo báo cáo của kỳ.'
    end
    || ' Đơn vị tính: ' || indicators.uom || '.' as definition_vi,
    'Form ' || indicators.form_name || ': ' || joined_clauses.clauses_en
    || case
      when indicators.form_name = 'movement_activities' then '; activities that only a log tells of are among them'
      else ''
    end
    || case indicators.kind
      when 'flow' then '. Counts in the half-year that holds the day of the row.'
      else '. Counts in the half-year of the return.'
    end as definition_en
  from indicators
  inner join joined_clauses using (indicator_code)
  left join codes as forms
    on forms.domain = 'form'
    and indicators.form_name = forms.code
)

select * from final
