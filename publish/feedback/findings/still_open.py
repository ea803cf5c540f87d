"""Which submissions still count, so that there is something to say of them.

Forms that a newer return replaced, files that were sent again and log events that came again are left out. What came after
the build, and what it may replace, is known only by unit, half-year and stem.
"""

from collections.abc import Collection

import duckdb

from ingest.headers.returned_list import FORMER_SUBMISSION_LABEL, SUBMISSION_LABEL
from publish.feedback.findings.answer import Unbuilt

# A stem is the path without extension and without " - phan hoi", once " - gop y", and the letters after it.
STEM = r"lower(regexp_replace(regexp_replace({path}, '\.[^./]*$', ''), '( - (phan hoi|gop y)( [a-p]{{8}})?( ?\(\d+\))?)+$', ''))"
# The newest of a unit, half-year and form counts (is_current). What was refused, and logs, count until the same comes
# again: same unit, half-year and form, same stem, or a list in it that names what it answers; a refused file of no known form also until its unit is complete.
_OPEN_FORMS = f"""
with sent as (
  select
    ranked.*,
    submissions.verdict as file_verdict,
    {STEM.format(path="submissions.relative_path")} as stem,
    row(ranked.received_at, ranked.submission_order) as arrival
  from intermediate.int_submissions_ranked as ranked
  inner join staging.stg_submissions as submissions using (submission_id)
),
answered as (
  select lists.cells ->> '$.C' as submission_id, max(submissions.submission_order) as answered_order
  from raw.structure_rows as lists
  inner join staging.stg_submissions as submissions using (submission_id)
  where lists.kind = 'note' and lists.cells ->> '$.A' in (?, ?)
  group by all
),
latest as (
  select
    *,
    max(arrival) over (partition by stem) as latest_of_stem,
    max(arrival) over (partition by form_name, unit_key, period_code) as latest_of_scope,
    max(arrival) filter (where verdict = 'accepted') over (partition by unit_key, period_code) as latest_accepted
  from sent
),
incomplete as (
  select distinct unit_key, period_code
  from reviews.submission_completeness
  where status in ('missing', 'rejected')
)
select latest.submission_id, latest.form_name
from latest
left join incomplete
  on latest.unit_key = incomplete.unit_key and latest.period_code = incomplete.period_code
left join answered
  on latest.submission_id = answered.submission_id
where
  case
    when latest.verdict = 'accepted' and latest.scope_key <> latest.submission_id then latest.is_current
    else
      latest.arrival = latest.latest_of_stem
      and coalesce(answered.answered_order <= latest.submission_order, true)
      and not (
        latest.verdict = 'rejected' and latest.unit_key is not null and latest.period_code is not null
        and (
          (latest.form_name <> 'unknown' and latest.arrival < latest.latest_of_scope)
          or (
            latest.form_name = 'unknown' and incomplete.unit_key is null
            and coalesce(latest.arrival < latest.latest_accepted, false)
          )
        )
      )
  end
"""


def open_forms(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """Give submission and form of all that still counts; the form is ``unknown`` where no form was recognised."""
    found = connection.execute(_OPEN_FORMS, [SUBMISSION_LABEL, FORMER_SUBMISSION_LABEL]).fetchall()
    return {(str(submission_id), str(form_name)) for submission_id, form_name in found}


def unbuilt_submissions(connection: duckdb.DuckDBPyConnection, withdrawn: Collection[str]) -> Unbuilt:
    """Give what came after the build and is not withdrawn."""
    found = connection.execute(
        f"select submission_id, unit_key, period_code, {STEM.format(path='relative_path')}"
        " from raw.submissions anti join staging.stg_submissions using (submission_id)"
        " where not list_contains(?, submission_id)",
        [sorted(withdrawn)],
    ).fetchall()
    return Unbuilt(
        submission_ids=frozenset(row[0] for row in found),
        scopes=frozenset((row[1], row[2]) for row in found),
        stems=frozenset(row[3] for row in found),
    )
