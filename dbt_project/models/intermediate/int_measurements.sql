{{ config(**by_unit(inputs_of_measured_rows())) }}

with measured_rows as (
  select * from {{ ref("int_measured_rows") }}
  where {{ of_stale_units("unit_key") }}
),

final as (
  select
    unit_key,
    period_code,
    form_name,
    basis,
    measure,
    {%- for name in measured_attributes() %}
    {{ name }},
    {%- endfor %}
    source_form_name,
    cast(sum(value) as decimal(20, 3)) as value
  from measured_rows
  group by
    unit_key, period_code, form_name, basis, measure, source_form_name,
    {{ measured_attributes() | join(", ") }}
)

select * from final
