"""The ledger of issued figures: what the half-year reviews said when they were published.

A figure that was once published is never forgotten, whatever corrections come later; ``reviews.restatements`` tells the
difference. An edition's figures are a Parquet file in the archive, named in the journal, and from there rows of
``raw.issued_figures``. They are written once.
"""

import tempfile
from pathlib import Path

import duckdb

from ingest.database import open_warehouse
from ingest.durable import READ_ONLY, make_folder, put_in_place
from ingest.home import WarehouseHome
from ingest.keeping.archive import sha256_of
from ingest.keeping.journal import IssueEntry
from ingest.keeping.projection import apply_missing, record
from publish.editions.current import current_edition, read_edition
from publish.editions.edition import Edition, is_built_from, quoted
from publish.editions.manifest import read_manifest


def record_issued_figures(home: WarehouseHome) -> int:
    """Write the figures of the current edition to the ledger, once.

    Safe to run again: it also finishes a publication that was cut off after the switch.

    Returns:
        Number of figures that are new in ``raw.issued_figures``; 0 when they stand there already or nothing was published.
    """
    edition = current_edition(home)
    return issue_figures(home, edition) if edition else 0


def issue_figures(home: WarehouseHome, edition: Edition) -> int:
    """Write the figures of an edition to the ledger, once.

    An edition that had to be made again, because the file of the last one was lost, issues nothing a second time; nor
    does a reproduction of an earlier day issue anything.

    Returns:
        Number of figures that are new in ``raw.issued_figures``.
    """
    if not read_manifest(edition.folder).is_issued:
        return 0
    with open_warehouse(home) as connection:
        before = _count_figures(connection, edition)
        apply_missing(connection, home)
        issued = [
            str(row[0])
            for row in connection.execute(
                "select subject from raw.journal_entries where kind = 'issue' order by number"
            ).fetchall()
        ]
        is_again = bool(issued) and _is_made_again(home, edition, issued[-1])
        if edition.edition_id not in issued and not is_again:
            record(connection, home, _keep(home, edition))
        return _count_figures(connection, edition) - before


def _count_figures(connection: duckdb.DuckDBPyConnection, edition: Edition) -> int:
    counted = connection.execute(
        "select count(*) from raw.issued_figures where edition_id = ?", [edition.edition_id]
    ).fetchone()
    return int(counted[0]) if counted else 0


def _is_made_again(home: WarehouseHome, edition: Edition, last_issued: str) -> bool:
    """Tell whether an edition stands in for the one that was issued last and whose file was lost."""
    is_same = is_built_from(last_issued, edition.inputs_fingerprint)
    return is_same and read_edition(home, last_issued) is None


def _keep(home: WarehouseHome, edition: Edition) -> IssueEntry:
    """Put an edition's figures into the archive; gives the entry that the journal is to have."""
    make_folder(home.ledger)
    settled = home.ledger / f"{edition.edition_id}.parquet"
    issued_at = edition.issued_at or edition.built_at
    with tempfile.TemporaryDirectory(dir=home.ledger, prefix=".writing-") as folder:
        written = Path(folder) / settled.name
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            connection.execute(f"attach '{quoted(edition.path)}' as edition (read_only)")
            connection.execute(
                f"""
                copy (
                    select
                        '{edition.edition_id}' as edition_id,
                        '{issued_at.isoformat()}'::timestamptz as issued_at,
                        unit_key,
                        period_code,
                        indicator_code,
                        value::decimal(20, 3) as value,
                        '{edition.as_of.isoformat()}'::timestamptz as as_of
                    from edition.reviews.halfyear_review
                    order by period_code, unit_key, indicator_code
                ) to '{quoted(written)}' (format parquet, compression zstd)
                """
            )
        written.chmod(READ_ONLY)
        put_in_place(written, settled)
    return IssueEntry(
        edition_id=edition.edition_id,
        issued_at=issued_at,
        figures_file=settled.name,
        figures_sha256=sha256_of(settled),
    )
