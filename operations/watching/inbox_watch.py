"""Seeing that something lies in the inbox, so that a run is made when there is work and none when there is not.

A run of Airflow costs seconds of a core, rows and a log; a look at a folder costs milliseconds. So the triggerer looks,
and only what it finds makes a run. It compares the inbox with the journal, in which every file that was ever taken in has
its receipt: whatever was missed (a triggerer that was down, a load that failed, a run that somebody deleted) is still
there at the next look. Nothing has to be remembered for that.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from ingest.home import WarehouseHome

LOOK_EVERY_SECONDS = 10.0
# what was told and still lies there is told again: the load has failed, or its workflow was paused
TELL_AGAIN_SECONDS = 900.0

# a time in the future is given as the moment of looking, which is another one each time
_LATER = datetime.max.replace(tzinfo=UTC)

log = logging.getLogger(__name__)


class InboxWatch:
    """Compares the inbox of one warehouse with its journal, and remembers only what it has told."""

    def __init__(self, home: WarehouseHome, tell_again_seconds: float = TELL_AGAIN_SECONDS) -> None:
        self._home = home
        self._tell_again_seconds = tell_again_seconds
        self._last_entry = 0
        self._receipts: set[tuple[str, int, datetime]] = set()
        self._out_of_reach: set[tuple[str, int, datetime]] = set()
        self._told: frozenset[tuple[str, int, datetime]] = frozenset()
        self._told_at: datetime | None = None

    def look(self, now: datetime) -> int:
        """Give how many files wait to be loaded, if that is to be told now; 0 where nothing is to be told.

        Args:
            now: timezone-aware.

        Raises:
            OSError: the inbox or the journal cannot be read.
            DamagedEntryError: an entry of the journal is not what was written.
        """
        from ingest.inbox.listing import look_into_inbox, not_received
        from ingest.inbox.settling import Settling

        if not self._home.inbox.is_dir():
            return 0
        # the load looks twice at what is not proven to be at rest; telling of it too early costs an idle run
        settling = replace(Settling.from_environment(), pause=timedelta(0))
        files = look_into_inbox(self._home.inbox, now, settling).files
        self._read_journal()
        waiting = not_received(files, self._receipts, now, self._out_of_reach)
        keys = frozenset(
            (file.relative_path, file.size_bytes, file.received_at if file.received_at < now else _LATER)
            for file in waiting
        )
        is_new = not keys <= self._told
        is_old = (
            self._told_at is not None and (now - self._told_at).total_seconds() >= self._tell_again_seconds
        )
        if not keys or not (is_new or is_old):
            return 0
        self._told, self._told_at = keys, now
        return len(keys)

    def _read_journal(self) -> None:
        from ingest.contracts.verdicts import OUT_OF_REACH
        from ingest.keeping.journal import LoadEntry, last_number, read_entries

        if last_number(self._home.journal) < self._last_entry:
            # another archive was put in the place of this one
            self._last_entry, self._receipts, self._out_of_reach = 0, set(), set()
        for number, entry in read_entries(self._home.journal, after=self._last_entry):
            if isinstance(entry, LoadEntry):
                for receipt in entry.receipts:
                    if receipt.container_path is None:
                        key = (receipt.relative_path, receipt.size_bytes, receipt.received_at)
                        self._receipts.add(key)
                        if receipt.trouble in OUT_OF_REACH:
                            self._out_of_reach.add(key)
                        else:
                            self._out_of_reach.discard(key)
            self._last_entry = number


class InboxTrigger(BaseEventTrigger):
    """Fires when files wait in the inbox of ``WAREHOUSE_HOME``, and again only for others or after a while.

    It never ends by itself: an inbox that cannot be read is written in the log and looked at again.
    """

    def __init__(
        self,
        look_every_seconds: float = LOOK_EVERY_SECONDS,
        tell_again_seconds: float = TELL_AGAIN_SECONDS,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.look_every_seconds = look_every_seconds
        self.tell_again_seconds = tell_again_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Give what the triggerer makes it again from."""
        return (
            "operations.watching.inbox_watch.InboxTrigger",
            {"look_every_seconds": self.look_every_seconds, "tell_again_seconds": self.tell_again_seconds},
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look every few seconds, beside the event loop: a share of the network may be slow."""
        watch = InboxWatch(WarehouseHome.from_environment(), self.tell_again_seconds)
        while True:
            try:
                waiting = await asyncio.to_thread(watch.look, datetime.now(UTC))
            except Exception as error:
                waiting = 0
                log.warning("the inbox could not be looked at: %s: %s", type(error).__name__, error)
            if waiting:
                yield TriggerEvent({"files": waiting})
            await asyncio.sleep(self.look_every_seconds)
