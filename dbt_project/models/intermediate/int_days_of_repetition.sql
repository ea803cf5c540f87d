{{ config(**by_unit({"int_submissions_ranked": "is_current"})) }}

{#- A table of its own and no step of what reads it: nobody can estimate how few these days are, and who expects many
    gathers all rows of ten years in memory to look these up in them. -#}
with submissions as (
  select * from {{ ref("int_submissions_ranked") }}
  where is_current and unit_key is not null and period_code is not null and {{ of_stale_units("unit_key") }}
),

half_year_days as (
  {{ half_year_days() }}
),

-- Hardly a row tells of another half-year than that of its return, and few returns are supplements. Rows that say the
-- same say the same day.
final as (
  {%- for form_name in forms_of_half_years() %}
  select
    submissions.unit_key,
    '{{ form_name }}' as form_name,
    {{ event_of(form_name, "form_rows") }} as event_on
  from {{ ref("stg_" ~ form_name) }} as form_rows
  inner join submissions
    on form_rows.submission_id = submissions.submission_id
    and submissions.form_name = '{{ form_name }}'
  left join half_year_days
    on {{ event_of(form_name, "form_rows") }} = half_year_days.day_on
  where half_year_days.period_code <> submissions.period_code or submissions.sent_as = 'supplement'
  {%- if not loop.last %}
  union
  {%- endif %}
  {%- endfor %}
)

select * from final
