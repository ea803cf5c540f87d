"""Files that came and are not in the published edition: the results of loads, before anything is computed from them."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from ingest.contracts.forms import load_contracts

_NEW_FILES = """
with forms as (
    select submission_id, list(distinct form_name order by form_name) as form_names
    from raw.sheet_tables
    where verdict = 'accepted' and form_name is not null
    group by submission_id
)

select
    files.submission_id, files.unit_key, files.period_code, files.file_name, files.received_at, files.ingested_at,
    files.verdict, coalesce(files.reason_vi, ''), coalesce(forms.form_names, [])
from raw.submissions as files
left join forms using (submission_id)
where not coalesce((
    select arg_max(is_withdrawn, decided_at) from raw.withdrawals as decisions
    where decisions.submission_id = files.submission_id
), false)
order by files.ingested_at desc, files.file_name
"""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that came and is not in the published edition.

    Attributes:
        is_checked: the last build has judged its values; before that only its tables are known.
    """

    submission_id: str
    unit_key: str | None
    period_code: str | None
    file_name: str
    received_at: datetime
    verdict: str
    reason_vi: str
    form_labels: tuple[str, ...]
    form_names: tuple[str, ...]
    is_checked: bool


def read_new_files(
    connection: duckdb.DuckDBPyConnection, known: frozenset[str], judged_at: datetime | None
) -> tuple[NewFile, ...]:
    """Read what has been received, was not withdrawn and is not in an edition, newest first.

    Args:
        connection: of the working database.
        known: the submissions that the edition holds.
        judged_at: what had been received by then was judged by a build; None before the first.
    """
    titles = {form.name: form.title for form in load_contracts().forms}
    rows = connection.execute(_NEW_FILES).fetchall()
    return tuple(
        NewFile(
            submission_id=row[0],
            unit_key=row[1],
            period_code=row[2],
            file_name=row[3],
            received_at=row[4],
            verdict=row[6],
            reason_vi=row[7],
            form_labels=tuple(sorted(titles.get(name, name) for name in row[8])),
            form_names=tuple(row[8]),
            is_checked=judged_at is not None and row[5] <= judged_at,
        )
        for row in rows
        if row[0] not in known
    )
