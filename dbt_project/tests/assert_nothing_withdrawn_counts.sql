-- What was withdrawn stands in the list of submissions and in the account of rows, and nowhere else.
with withdrawn as (
  select submission_id from {{ ref("fct_submissions") }}
  where is_withdrawn
  group by submission_id
),

counted as (
  select
    submission_id,
    'fct_submissions' as counted_in
  from {{ ref("fct_submissions") }}
  where is_current or version is not null
  {%- for relation in [
    "fct_membership_changes", "fct_clubs", "fct_trainings", "fct_support_funds", "fct_movement_activities", "fct_awards",
    "fct_targets", "figure_sources", "quarantined_rows", "findings", "reconciliation", "submission_completeness"
  ] %}
  union
  select
    submission_id,
    '{{ relation }}' as counted_in
  from {{ ref(relation) }}
  {%- endfor %}
)

select counted.*
from counted
inner join withdrawn using (submission_id)
