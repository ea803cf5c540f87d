{#- A part that stands in a row of facts is withheld where it, or what is left, is one to four (is_small_part): whoever
    knows a sum over such rows knows more. `least_distance` and `most_distance` are what may be known of such a part
    anyway, as the distance from nobody, or from everybody where what is left is small. -#}
with trainings as (
  select * from {{ ref("int_trainings_attributed") }}
  where period_code is not null
),

support_funds as (
  select * from {{ ref("int_support_funds_attributed") }}
  where period_code is not null and kind not in ('revolving_loan', 'entrusted_bank_loan')
),

clubs as (
  select * from {{ ref("int_clubs_attributed") }}
  where return_period_code is not null and status in ('new', 'operating')
),

units as (
  select * from {{ ref("units") }}
  where area_key is not null and unit_key <> area_key
),

reported as (
  {%- for relation, period, people_kind, people, part_kind, part in [
    ("trainings", "period_code", "trainees", "trainees", "minority", "trainees_minority"),
    ("trainings", "period_code", "trainees", "trainees", "poor", "trainees_poor"),
    ("support_funds", "period_code", "beneficiaries", "beneficiaries", "minority", "beneficiaries_minority"),
    ("clubs", "return_period_code", "club_members", "members", "minority", "members_minority"),
  ] %}
  select
    unit_key,
    {{ period }} as period_code,
    programme_code,
    '{{ people_kind }}' as people_kind,
    '{{ part_kind }}' as part_kind,
    {{ people }} as people,
    {{ part }} as part
  from {{ relation }}
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

withheld as (
  select
    *,
    {{ is_small_part("part", "people") }} as is_withheld,
    case when {{ is_small_count("part") }} then 1 else -1 end as direction,
    least({{ var("smallest_count_published") }} - 1, people) as widest
  from reported
),

final as (
  select
    units.area_key,
    withheld.unit_key,
    withheld.period_code,
    coalesce(withheld.programme_code, 'none') as programme_code,
    withheld.people_kind,
    withheld.part_kind,
    withheld.people,
    withheld.part,
    withheld.is_withheld,
    withheld.is_withheld and withheld.widest > 1 as is_open,
    case
      when not withheld.is_withheld then 0
      when withheld.direction = 1 then withheld.part
      else withheld.part - withheld.people
    end as distance,
    case
      when not withheld.is_withheld then 0
      when withheld.direction = 1 then 1
      else -withheld.widest
    end as least_distance,
    case
      when not withheld.is_withheld then 0
      when withheld.direction = 1 then withheld.widest
      else -1
    end as most_distance
  from withheld
  inner join units using (unit_key)
)

select * from final
