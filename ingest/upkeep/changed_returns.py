"""What a decision on a submission changes: what counted for its unit, half-year and forms, and what counts then."""

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from ingest.contracts.forms import FormContract
from ingest.keeping.withdrawals import newest_decisions
from ingest.upkeep.received_files import ReceivedFile, files_of

_FORMS = """
select tables.form_name
from raw.sheet_tables as tables
inner join raw.submissions using (submission_id)
where submission_id = ? and submissions.verdict <> 'rejected' and tables.verdict <> 'rejected'
  and tables.form_name is not null
group by tables.form_name
order by tables.form_name
"""
# As int_submissions_ranked has it, for what no build has seen yet: the whole return that arrived last, with its other
# parts by village branch, then what was added to it; a form without rows only where nothing else is told.
_COUNTED = f"""
with decisions as ({newest_decisions()}),
arrivals as (
  select submission_id, max(arrival_order) as arrival_order
  from raw.receipts
  where submission_id is not null
  group by submission_id
),
sent as (
  select
    submissions.submission_id,
    coalesce(max(arrivals.arrival_order), max(submissions.submission_order)) as arrival_order,
    max(
      submissions.load_id || '|'
      || coalesce(submissions.container_path, regexp_replace(submissions.relative_path, '[^/]*$', ''))
    ) as sent_in,
    bool_and(coalesce(tables.sending = 'supplement', false)) as is_supplement,
    bool_and(tables.branch is not null) as is_part,
    bool_or(coalesce(tables.body_rows > 0, true) or coalesce(tables.says_nothing, false)) as is_filled
  from raw.submissions
  inner join raw.sheet_tables as tables using (submission_id)
  left join arrivals using (submission_id)
  left join decisions using (submission_id)
  where submissions.unit_key = ? and submissions.period_code = ? and tables.form_name = ?
    and submissions.verdict <> 'rejected' and tables.verdict = 'accepted'
    and not coalesce(decisions.is_withdrawn, false)
  group by submissions.submission_id
),
newest as (
  select *
  from sent
  where not is_supplement
  order by is_filled desc, arrival_order desc
  limit 1
)
select sent.submission_id
from sent
left join newest on true
where
  sent.submission_id = newest.submission_id
  or (sent.is_part and newest.is_part and sent.sent_in = newest.sent_in and not sent.is_supplement)
  or (
    sent.is_supplement and sent.is_filled
    and (
      not coalesce(newest.is_filled, false)
      or sent.arrival_order > newest.arrival_order
      or sent.sent_in = newest.sent_in
    )
  )
order by sent.submission_id is distinct from newest.submission_id, sent.is_supplement, sent.arrival_order desc
"""


@dataclass(frozen=True, slots=True)
class Content:
    """What a submission holds for one form.

    Attributes:
        rows: rows of data, good and bad.
        money_vnd: what its good rows tell of in đồng; None where the form has no money or nothing was built yet.
    """

    rows: int
    money_vnd: Decimal | None


@dataclass(frozen=True, slots=True)
class FormChange:
    """What a decision changes for one form of a submission.

    Attributes:
        content: what the submission itself holds for the form.
        is_by_row: unit and half-year stand in its rows (logs, targets, opening balances), so that no one other
            submission takes its place; ``before`` and ``after`` are empty then.
        before, after: what counted for the unit, half-year and form, and what will: the newest whole return, then its
            other parts and what adds to it.
        after_content: what the first of the latter holds.
    """

    form_name: str
    form_title: str
    content: Content
    is_by_row: bool
    before: tuple[ReceivedFile, ...]
    after: tuple[ReceivedFile, ...]
    after_content: Content | None


def forms_of(connection: duckdb.DuckDBPyConnection, file: ReceivedFile) -> list[str]:
    """Give the names of the forms that a submission was accepted for."""
    return [str(name) for (name,) in connection.execute(_FORMS, [file.submission_id]).fetchall()]


def returns_that_count(
    connection: duckdb.DuckDBPyConnection, file: ReceivedFile, form: FormContract
) -> tuple[ReceivedFile, ...]:
    """Give what counts for the unit, half-year and form of a file as decisions stand, the return before additions."""
    found = connection.execute(_COUNTED, [file.unit_key, file.period_code, form.name]).fetchall()
    files = {known.submission_id: known for known in files_of(connection, [key for (key,) in found])}
    return tuple(files[key] for (key,) in found if key in files)


def change_of_form(
    connection: duckdb.DuckDBPyConnection,
    file: ReceivedFile,
    form: FormContract,
    before: tuple[ReceivedFile, ...],
) -> FormChange:
    """Give what has changed for one form of a submission; ``before`` is what counted before the decision."""
    after = returns_that_count(connection, file, form)
    return FormChange(
        form_name=form.name,
        form_title=form.title,
        content=_content(connection, file.submission_id, form),
        is_by_row=file.unit_key is None or file.period_code is None,
        before=before,
        after=after,
        after_content=_content(connection, after[0].submission_id, form) if after else None,
    )


def _content(connection: duckdb.DuckDBPyConnection, submission_id: str, form: FormContract) -> Content:
    counted = connection.execute(
        f"select count(*) from raw.{form.name} where submission_id = ?", [submission_id]
    ).fetchone()
    return Content(int(counted[0]) if counted else 0, _money(connection, submission_id, form))


def _money(connection: duckdb.DuckDBPyConnection, submission_id: str, form: FormContract) -> Decimal | None:
    """Sum what dbt read in columns of money; None where there are none, or where it has not read this submission."""
    amounts = " + ".join(f'coalesce("{field.name}", 0)' for field in form.fields if field.is_money)
    if not amounts:
        return None
    try:
        found = connection.execute(
            f"select sum(cast({amounts} as decimal(38, 3))) from staging.stg_{form.name}__validated"
            " where submission_id = ? and is_valid",
            [submission_id],
        ).fetchone()
    except duckdb.CatalogException:
        return None
    return found[0] if found else None
