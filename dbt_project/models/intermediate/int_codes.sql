with form_choices as (
  select
    choice_list,
    value_code,
    label_vi,
    min(sort_order) as sort_order
  from {{ ref("form_choices") }}
  group by choice_list, value_code, label_vi
),

programmes as (
  select * from {{ ref("programmes") }}
),

indicators as (
  select * from {{ ref("indicators") }}
),

member_dimensions as (
  select * from {{ ref("member_dimensions") }}
),

member_categories as (
  select * from {{ ref("int_member_categories") }}
),

quarantine_reasons as (
  select * from {{ ref("quarantine_reasons") }}
),

finding_rules as (
  select * from {{ ref("finding_rules") }}
),

-- Codes that stand in no list of their own, and what a code of such a list is called in English.
labels as (
  select * from {{ ref("code_labels") }}
),

-- The fields of a form are a domain of the form's name.
forms as (
  {%- for form_name in form_names() %}
  {%- set contract = form_contract(form_name) %}
  select
    'form' as domain,
    '{{ form_name }}' as code,
    '{{ contract.label_vi | replace("'", "''") }}' as label_vi,
    {{ loop.index }} as sort_order
  {%- for field in contract.fields %}
  union all
  select
    '{{ form_name }}' as domain,
    '{{ field.name }}' as code,
    '{{ field.label_vi | replace("'", "''") }}' as label_vi,
    {{ field.position }} as sort_order
  {%- endfor %}
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

listed as (
  select
    choice_list as domain,
    value_code as code,
    label_vi,
    sort_order
  from form_choices
  union all
  select
    'programme' as domain,
    programme_code as code,
    label_vi,
    row_number() over (order by programme_code) as sort_order
  from programmes
  union all
  select
    'indicator' as domain,
    indicator_code as code,
    label_vi,
    sort_order
  from indicators
  union all
  select
    'member_dimension' as domain,
    dimension as code,
    label_vi,
    sort_order
  from member_dimensions
  union all
  select
    dimension as domain,
    category_code as code,
    label_vi,
    sort_order
  from member_categories
  union all
  select
    'reason' as domain,
    reason_code as code,
    label_vi,
    row_number() over (order by reason_code) as sort_order
  from quarantine_reasons
  union all
  select
    'finding_kind' as domain,
    finding_kind as code,
    label_vi,
    row_number() over (order by finding_kind) as sort_order
  from finding_rules
  union all
  select * from forms
),

final as (
  select
    coalesce(listed.domain, labels.domain) as domain,
    coalesce(listed.code, labels.code) as code,
    coalesce(listed.label_vi, labels.label_vi) as label_vi,
    coalesce(
      labels.label_en,
      -- names of peoples and religions are not translated
      case
        when listed.domain in ('ethnic_group', 'religion') and listed.code between '00' and '99' then listed.label_vi
      end,
      replace(coalesce(listed.code, labels.code), '_', ' ')
    ) as label_en,
    cast(coalesce(listed.sort_order, labels.sort_order) as integer) as sort_order
  from listed
  full outer join labels
    on listed.domain = labels.domain
    and listed.code = labels.code
)

select * from final
