"""Every message to a branch: plain Vietnamese of the glossary, what is wrong and what to do about it."""

import csv
import re
from collections.abc import Iterator

import pytest

from ingest.contracts.verdicts import load_messages
from ingest.home import SEEDS
from publish.feedback import list_page, wording, workbook
from tests.plain_vietnamese import slips

_PLACE = re.compile(r"\{\w+\}")
_KIND_OF_FILE = re.compile(r"\s\.(?=\w)")  # a .zip file
_COLUMNS = {
    "quarantine_reasons": ("label_vi", "advice_vi"),
    "quarantine_reasons_by_type": ("label_vi", "advice_vi"),
    "finding_rules": ("label_vi", "advice_vi", "if_right_vi"),
    "code_labels": ("label_vi",),
}


def messages() -> Iterator[tuple[str, str]]:
    for code, message in load_messages().items():
        yield from ((f"{code} {part}", text) for part, text in message.items())
    for seed, columns in _COLUMNS.items():
        with (SEEDS / f"{seed}.csv").open(encoding="utf-8") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                yield from ((f"{seed}:{number} {column}", row[column]) for column in columns if row[column])
    for module in (list_page, wording, workbook):
        for name, text in vars(module).items():
            if isinstance(text, str) and name.isupper() and "FORMER" not in name:
                yield f"{module.__name__} {name}", text


@pytest.mark.parametrize(("place", "text"), list(messages()))
def test_a_message_is_plain_and_says_nothing_twice(place: str, text: str) -> None:
    text = _KIND_OF_FILE.sub(" ", _PLACE.sub("…", text))
    assert not slips(text), place
    sentences = [sentence for sentence in re.split(r"(?<=[.;?])\s+", text) if sentence]
    assert len(sentences) == len(set(sentences)), place
    assert "make " not in text and "Error" not in text, place


def test_a_bad_message_is_noticed() -> None:
    for bad in ("Hãy gửi lại.", "Kỳ 2023H1 của U24565.", "Cột event_id.", "Tệp bị từ chối.", "Luỹ kế"):
        assert slips(bad), bad
