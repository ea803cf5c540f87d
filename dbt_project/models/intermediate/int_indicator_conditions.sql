with indicators as (
  select * from {{ ref("indicators") }}
),

components as (
  select * from {{ ref("indicator_components") }}
),

codes as (
  select * from {{ ref("int_codes") }}
),

-- Which list the codes of a field are of.
coded_fields as (
  {%- set coded = [] %}
  {%- for form_name in form_names() %}
  {%- for field in form_contract(form_name).fields if field.choice_list %}
  {%- set domain = "programme" if field.choice_list == "programmes" else field.choice_list %}
  {%- do coded.append((form_name, field.name, domain)) %}
  {%- endfor %}
  {%- endfor %}
  {%- for form_name, field_name, domain in coded %}
  select
    '{{ form_name }}' as form_name,
    '{{ field_name }}' as field_name,
    '{{ domain }}' as domain
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

asked as (
  {%- for name in measured_attributes() %}
  {%- set field_name = name | replace("_code", "") %}
  select
    indicator_code,
    component_number,
    '{{ field_name }}' as field_name,
    {{ field_name }} as code
  from components
  where {{ field_name }} is not null
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

final as (
  select
    asked.indicator_code,
    asked.component_number,
    asked.field_name,
    asked.code,
    fields.label_vi as field_label_vi,
    fields.label_en as field_label_en,
    codes.label_vi,
    codes.label_en
  from asked
  inner join indicators using (indicator_code)
  left join codes as fields
    on indicators.form_name = fields.domain
    and asked.field_name = fields.code
  left join coded_fields
    on indicators.form_name = coded_fields.form_name
    and asked.field_name = coded_fields.field_name
  left join codes
    on coded_fields.domain = codes.domain
    and asked.code = codes.code
)

select * from final
