"""Nothing is issued that nobody has approved, however the run came to its last step; pages follow whatever became of it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

from operations.runs import refresh_steps
from operations.runs.refresh_steps import NotApprovedError, _approval, issue, refuse, write_review
from publish.reports.settings import TemplateTroubleError


class RunWithoutAnswer:
    """What a task sees of a run in which nobody has answered: of the request, nothing was kept."""

    def xcom_pull(self, *, task_ids: str, key: str = "return_value") -> Any:
        return "edition_1" if task_ids == "prepare_edition" else None


@pytest.mark.parametrize("step", [issue, refuse])
def test_without_an_answer_nothing_is_issued_nor_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: Any
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / "home"))

    with pytest.raises(NotApprovedError):
        step({"ti": RunWithoutAnswer()})
    assert not (tmp_path / "home").exists()


def test_the_answer_tells_who_when_and_why() -> None:
    approval = _approval(
        {
            "responded_by_user": {"id": "2", "name": "duyet"},
            "responded_at": "2026-12-15T02:00:00+00:00",
            "params_input": {"note": " Đã đối chiếu "},
        }
    )

    assert (approval.approved_by, approval.note) == ("duyet", "Đã đối chiếu")
    assert approval.approved_at == datetime(2026, 12, 15, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("step", ["review_half_year", "write_reports_of_refresh"])
def test_the_pages_are_written_whatever_becomes_of_the_reports_and_the_failure_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / "home"))
    pages: list[object] = []
    for name in (
        "current_edition",
        "require_edition",
        "review_half_year",
        "review_year",
        "write_reports_of_refresh",
    ):
        monkeypatch.setattr(refresh_steps, name, MagicMock())
    monkeypatch.setattr(refresh_steps, "write_pages_or_tell", pages.append)
    monkeypatch.setattr(refresh_steps, step, MagicMock(side_effect=TemplateTroubleError("mẫu hỏng")))

    with pytest.raises(TemplateTroubleError, match="mẫu hỏng"):
        write_review(
            {"ti": RunWithoutAnswer(), "params": {"period": "2023H1"}}, datetime(2023, 6, 15, tzinfo=UTC)
        )
    assert len(pages) == 1
