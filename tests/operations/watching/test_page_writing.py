"""A page that cannot be written fails nothing, and somebody is told."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.home import WarehouseHome
from operations.watching import page_writing
from operations.watching.alert_texts import Alert
from publish.pages import writing


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Alert]:
    alerts: list[Alert] = []
    monkeypatch.setattr(page_writing, "deliver", lambda alert, _: alerts.append(alert))
    return alerts


def test_pages_are_written_into_an_empty_home_too(tmp_path: Path, told: list[Alert]) -> None:
    home = WarehouseHome(tmp_path).prepare()
    assert page_writing.write_pages_or_tell(home)
    assert not told
    assert "Chưa công bố số liệu nào." in (home.outbox / "status.html").read_text(encoding="utf-8")
    assert "Chưa có báo cáo nào." in (home.outbox / "index.html").read_text(encoding="utf-8")


def test_whatever_is_wrong_is_told_and_raises_nothing(
    tmp_path: Path, told: list[Alert], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(home: WarehouseHome, now: datetime, *_: Any) -> None:
        raise RuntimeError("đĩa đầy")

    monkeypatch.setattr(writing, "write_pages", fail)
    assert not page_writing.write_pages_or_tell(WarehouseHome(tmp_path))
    (alert,) = told
    assert "make pages" in alert.what_to_do
    assert "đĩa đầy" not in alert.what + alert.what_to_do
