"""Texts of the working database that leave it outside an edition, in mails and on pages: masked as an edition masks them."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from publish.editions.privacy.personal_texts import mask_texts


def mask_leaving(warehouse: Path, texts: Sequence[str]) -> list[str]:
    """Give texts with the mask in place of each that holds a member's name or anybody's citizen number.

    Args:
        warehouse: the working database, which is opened for reading.
        texts: what is to leave it.

    Raises:
        duckdb.Error: it cannot be looked through; then no text may leave.
    """
    if not texts:
        return []
    with duckdb.connect() as connection:
        source, escaped = warehouse.stem, str(warehouse).replace("'", "''")
        connection.execute(f"attach '{escaped}' as \"{source}\" (read_only)")
        return mask_texts(connection, source, texts)
