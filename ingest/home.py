"""The one place that knows where things are.

Everything that a run makes lies under one folder outside version control, ``WAREHOUSE_HOME``; everything that comes
with the project lies under ``PROJECT_ROOT``. No other module builds these paths.
"""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
FORMS = PROJECT_ROOT / "ingest" / "contracts" / "forms"
VOCABULARY = PROJECT_ROOT / "ingest" / "contracts" / "vocabulary"
DBT_PROJECT = PROJECT_ROOT / "dbt_project"
SEEDS = DBT_PROJECT / "seeds"
# Names and numbers of members lie here: folders and files are their owner's alone. A group that may read editions, and no
# more, can be named in WAREHOUSE_READERS.
OWNER_FOLDER = 0o700
OWNER_FILE = 0o600
ROOT = 0
_WAY_FOR_READERS = 0o710
FOLDER_FOR_READERS = 0o750


@dataclass(frozen=True, slots=True)
class WarehouseHome:
    """The folders and files of one warehouse.

    Attributes:
        root: the folder that holds all the others.
    """

    root: Path

    @classmethod
    def from_environment(cls) -> "WarehouseHome":
        """Read ``WAREHOUSE_HOME``; without it, ``data/`` in the project."""
        named = os.environ.get("WAREHOUSE_HOME", "").strip()
        return cls(Path(named).expanduser().resolve() if named else PROJECT_ROOT / "data")

    @property
    def inbox(self) -> Path:
        """Where branches' files are dropped; files stay there."""
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        """Every file ever received, by content hash."""
        return self.root / "archive"

    @property
    def journal(self) -> Path:
        """What happened, one file an event: with the archived bytes enough to make the working database again."""
        return self.archive / "journal"

    @property
    def ledger(self) -> Path:
        """The figures that each edition issued, as Parquet."""
        return self.archive / "ledger"

    @property
    def warehouse(self) -> Path:
        """The working database; one writer, holds personal data."""
        return self.root / "warehouse.duckdb"

    @property
    def spark(self) -> Path:
        """What Spark reads, keeps and has built, where it builds the upper layers; holds personal data, can be made again."""
        return self.root / "spark"

    @property
    def editions(self) -> Path:
        """Immutable published editions."""
        return self.root / "editions"

    @property
    def candidates(self) -> Path:
        """Editions that wait for approval, a folder each."""
        return self.editions / ".candidates"

    @property
    def current(self) -> Path:
        """The newest edition, under a name that never changes."""
        return self.root / "current.duckdb"

    @property
    def outbox(self) -> Path:
        """What goes back to people: reviews, feedback, reports."""
        return self.root / "outbox"

    @property
    def feedback(self) -> Path:
        """Answers to branches, by half-year and unit."""
        return self.outbox / "feedback"

    @property
    def reviews(self) -> Path:
        """Reviews for people, as their spreadsheets read them."""
        return self.outbox / "reviews"

    @property
    def reports(self) -> Path:
        """Written reports for the chair: Word, Excel, pages, each review in a folder of its own."""
        return self.outbox / "reports"

    @property
    def packages(self) -> Path:
        """Data packages of editions, and figures for DHIS2, to be handed out."""
        return self.outbox / "exports"

    @property
    def report_templates(self) -> Path:
        """Templates of reports that the office has changed; those of the project stand in for what is not there."""
        return self.root / "report_templates"

    @property
    def exports(self) -> Path:
        """Reviews for programs, as plain CSV."""
        return self.root / "exports"

    @property
    def private(self) -> Path:
        """Lists with names in them, for the office alone; nothing here goes to branches or into an edition."""
        return self.root / "private"

    @property
    def docs(self) -> Path:
        """The pages of ``make docs``."""
        return self.root / "docs"

    @property
    def airflow(self) -> Path:
        """Airflow's own home."""
        return self.root / "airflow"

    @property
    def bi(self) -> Path:
        """Superset's own home: its database of dashboards and people, and what it says; holds no figure."""
        return self.root / "bi"

    @property
    def dbt(self) -> Path:
        """dbt's target and logs."""
        return self.root / "dbt"

    def prepare(self) -> "WarehouseHome":
        """Make the folders that are missing, for their owner alone; gives itself, for chaining."""
        self.root.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
        for folder in self._made_at_once:
            folder.mkdir(mode=OWNER_FOLDER, exist_ok=True)
        self._let_readers_in()
        return self

    def keep_to_owner(self) -> None:
        """Close the home to everybody but its owner and the readers of editions; for a home that is being made.

        Whoever opens it to others later on (a shared inbox) is not contradicted.
        """
        with suppress(PermissionError):  # somebody else's folder, as a mounted one may be
            self.root.chmod(OWNER_FOLDER)
        self._let_readers_in()

    def hand_over(self, user_id: int, group_id: int) -> None:
        """Give what root has made in the home, and nothing that lies beside it, to the account that the home is of.

        Does nothing where this is not root.

        Args:
            user_id: of that account.
            group_id: of the same.
        """
        if os.geteuid() != ROOT:
            return
        for part in (self.root, *self.root.glob("*.duckdb*"), *self.root.glob(".restoring")):
            _give_of_root(part, user_id, group_id)
        for folder in (*self._made_at_once, self.exports, self.private, self.docs):
            for path in (folder, *folder.rglob("*")):
                _give_of_root(path, user_id, group_id)

    @property
    def _made_at_once(self) -> tuple[Path, ...]:
        return (self.inbox, self.archive, self.editions, self.outbox, self.airflow, self.dbt)

    def _let_readers_in(self) -> None:
        """Let the group of ``WAREHOUSE_READERS`` reach the editions; LookupError where the machine has no such group."""
        if readers := os.environ.get("WAREHOUSE_READERS", "").strip():
            for folder, mode in ((self.root, _WAY_FOR_READERS), (self.editions, FOLDER_FOR_READERS)):
                if folder.exists():
                    shutil.chown(folder, group=readers)
                    folder.chmod(mode)


def _give_of_root(path: Path, user_id: int, group_id: int) -> None:
    with suppress(FileNotFoundError):  # of what runs meanwhile
        if path.lstat().st_uid == ROOT:
            os.chown(path, user_id, group_id, follow_symlinks=False)
