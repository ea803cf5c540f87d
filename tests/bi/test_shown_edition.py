"""Which edition a query reads, tried without Superset."""

import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType

import pytest

from ingest.home import PROJECT_ROOT


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setenv("WAREHOUSE_EDITIONS", str(tmp_path / "editions"))
    (tmp_path / "editions").mkdir()
    spec = importlib.util.spec_from_file_location("shown_edition", PROJECT_ROOT / "bi" / "shown_edition.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def issue(home: Path, name: str, as_of: str, *, is_issued: bool = True, is_current: bool = False) -> None:
    path = home / "editions" / f"{name}.duckdb"
    path.write_bytes(name.encode())
    (home / "editions" / name).mkdir()
    manifest = {"as_of": as_of, "issued_at": as_of, "is_issued": is_issued}
    (home / "editions" / name / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    if is_current:
        (home / "current.duckdb").unlink(missing_ok=True)
        os.link(path, home / "current.duckdb")


def test_without_an_edition_a_sentence_says_what_to_do(shown: ModuleType) -> None:
    with pytest.raises(shown.NoEditionError, match="make refresh"):
        shown.current_edition()


def test_the_current_edition_is_what_current_duckdb_is(shown: ModuleType, tmp_path: Path) -> None:
    issue(tmp_path, "edition_20260101t000000_aaaaaaaa", "2026-01-01T00:00:00Z", is_current=True)
    issue(tmp_path, "edition_20260102t000000_bbbbbbbb", "2026-01-02T00:00:00Z")
    assert shown.current_edition() == "edition_20260101t000000_aaaaaaaa"


def test_where_only_the_folder_is_seen_it_is_the_newest_that_was_issued(
    shown: ModuleType, tmp_path: Path
) -> None:
    issue(tmp_path, "edition_20260101t000000_aaaaaaaa", "2026-01-01T00:00:00Z")
    issue(tmp_path, "edition_20260102t000000_bbbbbbbb", "2026-01-02T00:00:00Z")
    issue(tmp_path, "edition_20260103t000000_cccccccc", "2026-01-03T00:00:00Z", is_issued=False)
    assert shown.current_edition() == "edition_20260102t000000_bbbbbbbb"


@pytest.mark.parametrize(
    "name", ["../warehouse", "edition_x/../../warehouse", "edition_20260101t000000_gone", ""]
)
def test_nothing_but_an_edition_can_be_asked_for(shown: ModuleType, tmp_path: Path, name: str) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(b"names of members")
    with pytest.raises(shown.NoEditionError, match="tải lại trang"):
        shown.file_of(name)


def test_the_edition_stands_in_the_address_of_the_page(shown: ModuleType) -> None:
    assert (
        shown.named_in("http://127.0.0.1/superset/dashboard/so-ket/?native_filters_key=a&ban=edition_1")
        == "edition_1"
    )
    assert shown.named_in("http://127.0.0.1/sqllab/") is None
    assert shown.named_in(None) is None
