{#- The measures of one relation in the long form that the indicators of the seed choose from. `attributes` are the columns
    that an indicator may filter by; a measure is a name and what is summed. -#}
{% macro measured(relation, form_name, basis, measures, attributes=[], period="period_code") -%}
  {%- set filters = [
    "change_type", "kind", "status", "programme_code", "activity_type", "uom", "beneficiary_group", "recipient_kind"
  ] -%}
  {%- for measure, expression in measures.items() %}
  select
    unit_key,
    {{ period }} as period_code,
    '{{ form_name }}' as form_name,
    '{{ basis }}' as basis,
    '{{ measure }}' as measure,
    {%- for name in filters %}
    {{ name if name in attributes else "cast(null as varchar) as " ~ name }},
    {%- endfor %}
    cast(sum({{ expression }}) as decimal(20, 3)) as value
  from {{ relation }}
  where {{ period }} is not null
  group by unit_key, {{ period }}
    {%- for name in filters if name in attributes %}, {{ name }}{% endfor %}
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
{%- endmacro %}
