-- The newest accepted return of a unit, half-year and form replaces the older ones in full; what stands beside it names
-- itself a supplement, or is another part of what came together.
select
  ranked.unit_key,
  ranked.period_code,
  ranked.form_name,
  count(*) as current_count
from {{ ref("int_submissions_ranked") }} as ranked
inner join {{ ref("int_submissions_validated") }} as validated
  on ranked.submission_id = validated.submission_id
  and ranked.form_name = validated.form_name
where ranked.is_current and ranked.unit_key is not null and ranked.sent_as <> 'supplement'
group by ranked.unit_key, ranked.period_code, ranked.form_name
having
  count(*) <> 1
  and (
    count(*) <> count(distinct validated.branches)
    or count(distinct validated.sent_in) <> 1
  )
