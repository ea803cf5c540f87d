"""Days and instants as people give them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from build import inputs
from build.inputs import code_version, parse_as_of


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2023-06-30", datetime(2023, 6, 30, 16, 59, 59, 999999, tzinfo=UTC)),
        ("2023-06-30T17:00", datetime(2023, 6, 30, 10, 0, tzinfo=UTC)),
        ("2023-06-30T10:00Z", datetime(2023, 6, 30, 10, 0, tzinfo=UTC)),
        (" 2023-06-30T17:00:00+07:00 ", datetime(2023, 6, 30, 10, 0, tzinfo=UTC)),
    ],
)
def test_a_day_is_the_whole_of_it_in_vietnam(text: str, instant: datetime) -> None:
    assert parse_as_of(text) == instant


@pytest.mark.parametrize("text", ["30/06/2023", "", "hôm qua"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Invalid isoformat"):
        parse_as_of(text)


def test_the_code_has_a_name() -> None:
    assert code_version()


def test_an_image_names_the_code_that_it_was_built_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "CODE_VERSION"
    monkeypatch.setattr(inputs, "CODE_VERSION", built)
    without = code_version()
    built.write_text("\n", encoding="utf-8")
    assert code_version() == without
    built.write_text("v1.2-3-gabc\n", encoding="utf-8")
    assert code_version() == "v1.2-3-gabc"
