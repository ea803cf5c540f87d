-- The newest accepted return of a unit, half-year and form replaces the older ones in full.
select
  unit_key,
  period_code,
  form_name,
  count(*) as current_count
from {{ ref("fct_submissions") }}
where is_current and unit_key is not null
group by unit_key, period_code, form_name
having count(*) <> 1
