"""Editions that wait for somebody's approval: whole, on the disk, and out of the way of whatever is loaded or built next.

A candidate is a folder of its own under ``editions/.candidates``: what is approved is this very file, not what the working
database holds by then. It gets its name when all of it is on the disk, and loses it before any of it is removed.
"""

import logging
import shutil
from datetime import UTC, datetime
from pathlib import Path

from build.inputs import EditionInputs
from ingest.durable import make_folder, put_folder_in_place
from ingest.home import WarehouseHome
from ingest.troubles import telling_troubles
from publish.editions.contents.database import build_database, newest_period
from publish.editions.edition import Edition, name_edition
from publish.editions.manifest import (
    READ_ONLY,
    Manifest,
    ManifestDamagedError,
    describe_database,
    export_tables,
    has_size,
    is_whole,
    read_manifest,
    write_manifest,
)

DATABASE = "edition.duckdb"
FOLDER = "tables"
_UNFINISHED = ".building-"
_DISCARDED = ".discarded-"


class CandidateGoneError(RuntimeError):
    """The edition that was to be decided on is not there any more, or is not what was built."""

    def __init__(self, edition_id: str) -> None:
        super().__init__(
            f"Bản số liệu chờ phê duyệt {edition_id} không còn hoặc đã bị hỏng."
            " Đề nghị chạy lại quy trình tổng hợp để lập bản mới."
        )


@telling_troubles()
def prepare_candidate(
    home: WarehouseHome,
    inputs: EditionInputs,
    built_at: datetime,
    code_version: str,
    issued_at: datetime | None = None,
) -> Edition:
    """Build an edition from the working database and let it wait; gives the one that waits where it was built before.

    Args:
        home: the warehouse, its layers built and tested.
        inputs: what they were built from.
        built_at: timezone-aware instant, which names the edition.
        code_version: names the code.
        issued_at: from when on its figures stand as published, where that is not the moment of its approval.

    Raises:
        NothingBuiltError: there is no table in ``core``, or none in ``reviews``.
        PersonalDataError: it would carry personal data; see ``contents.build_database``.
        WarehouseTroubleError: the disk is full, or another program has the working database open.
    """
    known = find_candidate(home, inputs, issued_at=issued_at)
    if known is not None:
        return known
    home.prepare()
    make_folder(home.candidates)
    _sweep(home)
    edition_id = name_edition(built_at, inputs.fingerprint)
    building = home.candidates / f"{_UNFINISHED}{edition_id}"
    building.mkdir()
    edition = Edition(
        edition_id=edition_id,
        as_of=inputs.as_of.astimezone(UTC),
        built_at=built_at.astimezone(UTC),
        issued_at=issued_at.astimezone(UTC) if issued_at else None,
        code_version=code_version,
        inputs_fingerprint=inputs.fingerprint,
        input_submissions=inputs.submissions,
        newest_period=newest_period(home, inputs.as_of),
        approval=None,
        path=building / DATABASE,
        folder=building / FOLDER,
    )
    build_database(home, edition, edition.path)
    tables = export_tables(edition.path, edition.folder)
    write_manifest(
        edition.folder,
        Manifest(
            edition_id=edition_id,
            as_of=edition.as_of,
            built_at=edition.built_at,
            issued_at=edition.issued_at,
            is_issued=False,
            code_version=code_version,
            inputs_fingerprint=inputs.fingerprint,
            input_submissions=inputs.submissions,
            newest_period=edition.newest_period,
            database=describe_database(edition.path, f"{edition_id}.duckdb"),
            tables=tables,
        ),
    )
    make_read_only(building)
    put_folder_in_place(building, home.candidates / edition_id)
    return read_candidate(home, edition_id)


def make_read_only(folder: Path) -> None:
    """Take from every file below a folder the right to write it."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(READ_ONLY)


def read_candidate(home: WarehouseHome, edition_id: str, *, is_verified: bool = False) -> Edition:
    """Give an edition that waits.

    Args:
        home: the warehouse.
        edition_id: its name.
        is_verified: hold every byte against the checksums.

    Raises:
        CandidateGoneError: there is none of that name, or it is damaged.
    """
    folder = home.candidates / Path(edition_id).name
    try:
        manifest = read_manifest(folder / FOLDER)
        edition = manifest.edition(folder / DATABASE, folder / FOLDER)
    except ManifestDamagedError as error:
        raise CandidateGoneError(edition_id) from error
    is_sound = (
        is_whole(edition.path, edition.folder, manifest)
        if is_verified
        else has_size(edition.path, manifest.database)
    )
    if not is_sound:
        raise CandidateGoneError(edition_id)
    return edition


def waiting_candidates(home: WarehouseHome) -> tuple[Edition, ...]:
    """Give the editions that wait, oldest first; damaged ones, which nobody could approve, are removed and named in the log."""
    found = []
    for folder in sorted(home.candidates.glob("edition_*")) if home.candidates.is_dir() else ():
        try:
            found.append(read_candidate(home, folder.name))
        except CandidateGoneError as gone:
            logging.getLogger(__name__).warning("%s", gone)
            discard_candidate(home, folder.name)
    return tuple(found)


def find_candidate(
    home: WarehouseHome,
    inputs: EditionInputs,
    *,
    is_as_of_given: bool = False,
    issued_at: datetime | None = None,
) -> Edition | None:
    """Find the edition of these inputs that waits already.

    Args:
        home: the warehouse.
        inputs: what it would be built from.
        is_as_of_given: somebody asked for that very day.
        issued_at: as it was prepared with; a back-fill takes none that waits for a person, nor the other way round.
    """
    for edition in waiting_candidates(home):
        is_of_day = not is_as_of_given or edition.as_of == inputs.as_of
        is_meant = edition.inputs_fingerprint == inputs.fingerprint and edition.issued_at == issued_at
        if is_of_day and is_meant:
            return edition
    return None


def discard_candidate(home: WarehouseHome, edition_id: str) -> None:
    """Remove an edition that waits; does nothing where there is none."""
    folder = home.candidates / Path(edition_id).name
    if folder.is_dir():
        discarded = home.candidates / f"{_DISCARDED}{folder.name}"
        shutil.rmtree(discarded, ignore_errors=True)
        folder.replace(discarded)
        shutil.rmtree(discarded, ignore_errors=True)


def _sweep(home: WarehouseHome) -> None:
    """Remove what was cut off while it was being built or removed."""
    for prefix in (_UNFINISHED, _DISCARDED):
        for folder in home.candidates.glob(f"{prefix}*"):
            shutil.rmtree(folder, ignore_errors=True)
