"""Nothing is issued that nobody has approved, however the run came to its last step."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from operations.runs.refresh_steps import NotApprovedError, _approval, issue, refuse


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
