"""Which edition a query reads: that of the page from which it is asked, else the current one.

A page of a dashboard is loaded with the edition that is current then in its address (``?ban=edition_…``); every query that
the page asks names the page as its referrer, so all its charts, filters and exports read that one edition, also when
another becomes current meanwhile. Loading the page again brings the current one. Each edition is a file of its own that
nobody writes: one that a page still shows stays open beside the new one.

Runs inside Superset, on Python's own library and Flask.
"""

import json
import os
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PARAMETER = "ban"
_NAME = re.compile(r"edition_[0-9a-z_]+")
_MANIFESTS: dict[tuple[Path, int], dict[str, object]] = {}


class NoEditionError(RuntimeError):
    """There is no edition to read; the text is a sentence for the officer."""


def editions_folder() -> Path:
    """Where the editions lie, from the environment."""
    return Path(os.environ["WAREHOUSE_EDITIONS"])


def current_edition() -> str:
    """Give the name of the edition that is current now.

    It is the one that ``current.duckdb`` is another name of; where that file is not there (a container sees the folder of
    editions alone), the newest that was issued.

    Raises:
        NoEditionError: there is none.
    """
    folder = editions_folder()
    linked = folder.parent / "current.duckdb"
    if linked.is_file():
        for path in folder.glob("edition_*.duckdb"):
            if path.samefile(linked):
                return path.stem
    issued = [
        (str(manifest["as_of"]), str(manifest.get("issued_at")), name)
        for name, manifest in _manifests(folder)
        if manifest.get("is_issued", True) and (folder / f"{name}.duckdb").is_file()
    ]
    if not issued:
        raise NoEditionError("Chưa có bản số liệu nào. Đề nghị chạy “make refresh” trước.")
    return max(issued)[2]


def file_of(edition_id: str) -> Path:
    """Give the file of an edition.

    Raises:
        NoEditionError: there is no such edition (any more).
    """
    path = editions_folder() / f"{edition_id}.duckdb"
    if not _NAME.fullmatch(edition_id) or not path.is_file():
        raise NoEditionError("Bản số liệu mà trang đang hiển thị không còn nữa. Đề nghị tải lại trang.")
    return path


def named_in(address: str | None) -> str | None:
    """Give the edition that an address names, None where it names none."""
    asked = parse_qs(urlsplit(address or "").query).get(PARAMETER)
    return asked[0] if asked else None


def edition_of_query() -> str:
    """Give the edition for the query that is asked now: of the page that asks, else the current one."""
    from flask import has_request_context, request

    named = named_in(request.referrer) if has_request_context() else None
    return named or current_edition()


def _manifests(folder: Path) -> list[tuple[str, dict[str, object]]]:
    """Read what editions say of themselves; what is written is never changed, so each is read once."""
    found = []
    for path in folder.glob("edition_*/manifest.json"):
        key = (path, path.stat().st_mtime_ns)
        if key not in _MANIFESTS:
            _MANIFESTS[key] = json.loads(path.read_text(encoding="utf-8"))
        found.append((path.parent.name, _MANIFESTS[key]))
    return found
