{#- Which figures are parts of which: form, part, whole, and how both are called in the form. -#}
{%- set parts = [
  ("clubs", "members_minority", "members", "DTTS", "Số thành viên"),
  ("trainings", "trainees_minority", "trainees", "DTTS", "Số học viên"),
  ("trainings", "trainees_poor", "trainees", "Hộ nghèo", "Số học viên"),
  ("trainings", "employed_after", "trainees", "Có việc làm sau học", "Số học viên"),
  ("support_funds", "beneficiaries_minority", "beneficiaries", "DTTS", "Số người được hỗ trợ"),
] -%}
{%- set forms_with_villages = ["member_changes", "clubs", "movement_activities"] -%}

with trainings as (
  select * from {{ ref("int_trainings_attributed") }}
),

{% for form_name in ["clubs", "support_funds", "member_changes", "movement_activities"] -%}
{{ form_name }} as (
  select * from {{ ref("int_" ~ form_name ~ "_attributed") }}
),

{% endfor -%}
unit_spellings as (
  select
    unit_key,
    folded
  from {{ ref("stg_unit_spellings") }}
  group by unit_key, folded
),

villages as (
  select
    unit_key,
    {{ fold("village_name") }} as folded
  from {{ ref("villages") }}
),

units as (
  select * from {{ ref("units") }}
),

-- No figures in words or columns: parts of a count may be too small to be told.
parts_too_large as (
  {%- for form_name, part, whole, part_label, whole_label in parts %}
  select
    'part_exceeds_total' as finding_kind,
    unit_key,
    return_period_code as period_code,
    submission_id,
    sheet_number,
    row_number,
    '{{ form_name }}' as form_name,
    '{{ part }}' as field_name,
    '“{{ part_label }}” lớn hơn “{{ whole_label }}” của cùng dòng.' as message_vi
  from {{ form_name }}
  where {{ part }} > {{ whole }}
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

sums_too_large as (
  select
    'parts_exceed_total' as finding_kind,
    unit_key,
    return_period_code as period_code,
    submission_id,
    sheet_number,
    row_number,
    'trainings' as form_name,
    'trainees' as field_name,
    'Tổng của “DTTS” và “Hộ nghèo” lớn hơn “Số học viên”.'
      as message_vi
  from trainings
  where
    trainees_minority + trainees_poor > trainees
    and trainees_minority <= trainees
    and trainees_poor <= trainees
),

typed as (
  {%- for form_name in forms_with_villages %}
  select
    unit_key,
    village
  from {{ form_name }}
  where village is not null
  {%- if not loop.last %}
  union
  {%- endif %}
  {%- endfor %}
),

folded_villages as (
  select
    unit_key,
    village,
    {{ fold("village") }} as folded
  from typed
),

-- A place that is the name of another unit, or a village that is another unit's and, where all villages of the own one
-- are known, not its own.
elsewhere as (
  select
    folded_villages.unit_key,
    folded_villages.village,
    min(coalesce(unit_spellings.unit_key, villages.unit_key)) as other_unit_key
  from folded_villages
  left join unit_spellings
    on folded_villages.folded = unit_spellings.folded
  left join villages
    on folded_villages.folded = villages.folded
    and folded_villages.unit_key in (select known.unit_key from villages as known)
  group by folded_villages.unit_key, folded_villages.village
  having
    count(coalesce(unit_spellings.unit_key, villages.unit_key)) > 0
    and count(case when unit_spellings.unit_key = folded_villages.unit_key then 1 end) = 0
    and count(case when villages.unit_key = folded_villages.unit_key then 1 end) = 0
),

other_units as (
  {%- for form_name in forms_with_villages %}
  select
    'other_unit_named' as finding_kind,
    {{ form_name }}.unit_key,
    {{ form_name }}.return_period_code as period_code,
    {{ form_name }}.submission_id,
    {{ form_name }}.sheet_number,
    {{ form_name }}.row_number,
    '{{ form_name }}' as form_name,
    'village' as field_name,
    'Địa bàn ghi “' || {{ form_name }}.village || '” thuộc ' || {{ name_in_sentence("units") }}
    || ', không thuộc đơn vị của báo cáo này.' as message_vi
  from {{ form_name }}
  inner join elsewhere
    on {{ form_name }}.unit_key = elsewhere.unit_key
    and {{ form_name }}.village = elsewhere.village
  inner join units
    on elsewhere.other_unit_key = units.unit_key
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

final as (
  {{ findings(
    ["parts_too_large", "sums_too_large", "other_units"], {"figure_reported": none, "figure_computed": none}
  ) }}
)

select * from final
