"""The secret under which members are pseudonymised: in the journal before the first use, so that it cannot be lost.

With another secret every ``member_key`` that was ever published would mean somebody else.
"""

import secrets
from datetime import UTC, datetime

import duckdb

from ingest.home import WarehouseHome
from ingest.keeping.journal import PseudonymKeyEntry, read_entries, write_entry
from ingest.keeping.projection import OtherJournalError, apply


def settle_key(connection: duckdb.DuckDBPyConnection, home: WarehouseHome) -> None:
    """Let database and journal have the same secret: the journal's, or the database's, or else a new one.

    Raises:
        OtherJournalError: they have different ones.
    """
    settled = connection.execute(
        "select 1 from raw.pseudonym_key where exists (from raw.journal_entries where kind = 'pseudonym_key')"
    ).fetchone()
    if settled:
        return
    held = connection.execute("select secret from raw.pseudonym_key").fetchone()
    written = [
        (number, entry)
        for number, entry in read_entries(home.journal)
        if isinstance(entry, PseudonymKeyEntry)
    ]
    if not written:
        secret = str(held[0]) if held else secrets.token_hex(32)
        entry = PseudonymKeyEntry(made_at=datetime.now(UTC), secret=secret)
        written = [(write_entry(home.journal, entry), entry)]
    elif held and written[-1][1].secret != held[0]:
        raise OtherJournalError(home)
    for number, entry in written:
        apply(connection, home, number, entry)
