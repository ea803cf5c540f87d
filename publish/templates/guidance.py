"""What a blank form tells the person who fills it in: the words beside each column and on the page of instructions.

The words themselves are data (``wording.yml``). A column without words of its own gets those of its type, so a form
that was added a minute ago is explained as well.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from ingest.contracts.forms import FormContract, FormField
from ingest.text.printing import day_vi
from publish.templates.addressees import HalfYear
from publish.templates.value_lists import ValueList

WORDING = Path(__file__).with_name("wording.yml")
LONGEST_MESSAGE = 255  # Excel's limit for the input message of a cell
_LONGEST_NAMING = 170  # letters of a list that is named in full on the page of instructions
_EXAMPLE_AFTER = timedelta(days=21)
_DIGITS = re.compile(r"\[0-9\]\{(\d+)\}")
# Founded long before the half-year is usual: the day is an event's only while the club is new.
_DAYS_OF_ANY_YEAR = frozenset({("clubs", "founded_on")})


Subject = Literal["any", "returns", "collected", "lists", "days", "money", "digits", "notes", "sent", "kept"]


class Sentence(BaseModel):
    """A sentence of the page of instructions; ``of`` is what a workbook must have for it to be said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: str
    of: Subject = "any"

    @model_validator(mode="before")
    @classmethod
    def _plain_text_is_said_anywhere(cls, told: object) -> object:
        return {"say": told} if isinstance(told, str) else told


class Instructions(BaseModel):
    """The words of the page of instructions; ``sections`` maps a heading to its sentences."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    unit: str
    period: str
    year: str
    columns: str
    go_to: str
    sections: dict[str, tuple[Sentence, ...]]


class Wording(BaseModel):
    """All words of the blank forms, see ``wording.yml``; under ``""`` in ``forms`` stand those on a whole form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    motto: tuple[str, str]
    territorial_union: str
    territorial_issuer: str
    period: str
    year: str
    unit_of_measure: str
    required_note: str
    nothing: str
    nothing_note: str
    nothing_here: str
    total: str
    place_and_date: str
    prepared_by: str
    signed_by_territorial: str
    signed_by_base: str
    signed_as: str
    sign_here: str
    sign_and_seal_here: str
    page: str
    instructions_sheet: str
    lists_sheet: str
    lists_note: str
    required: str
    optional: str
    entry_refused: str
    allowed_values: str
    many_values: str
    open_values: str
    money: str
    types: dict[str, str]
    event_day: str
    part_of_whole: str
    forms: dict[str, dict[str, str]]
    instructions: Instructions


@dataclass(frozen=True, slots=True)
class ColumnGuidance:
    """What is said of one column.

    Attributes:
        message: shown when a cell of the column is entered, at most 255 letters.
        explanation: stands on the page of instructions, with all values where they are few.
    """

    message: str
    explanation: str


@lru_cache(maxsize=2)
def load_wording(path: Path = WORDING) -> Wording:
    """Read ``wording.yml``; pydantic.ValidationError when a part is missing."""
    return Wording.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def form_guidance(form: FormContract) -> str | None:
    """Give what is said of a whole form, or None."""
    return load_wording().forms.get(form.name, {}).get("")


def column_guidance(
    form: FormContract, field: FormField, values: ValueList | None, half_year: HalfYear, is_part: bool
) -> ColumnGuidance:
    """Put together what is said of one column.

    Args:
        form: the form that the column belongs to.
        field: the column.
        values: its list of values, if it has one.
        half_year: examples of dates are taken from it.
        is_part: the column counts a part of the column *Tổng số* before it.
    """
    wording = load_wording()
    own = wording.forms.get(form.name, {}).get(field.name)
    sentences = [own.format(**examples(half_year))] if own else []
    if not own and (values is None or field.type == "boolean"):
        sentences.append(_words_of_type(field, half_year))
    if is_event_day(form, field):
        sentences.append(wording.event_day.format(**examples(half_year)))
    if is_part:
        sentences.append(wording.part_of_whole)
    named = list(sentences)
    if values is not None and field.type != "boolean":
        sentences.append(wording.many_values)
        in_full = wording.allowed_values.format(values="; ".join(values.values))
        is_named = len(in_full) <= _LONGEST_NAMING and not values.is_open
        named.append(in_full if is_named else wording.many_values)
        if values.is_open:
            sentences.append(wording.open_values)
            named.append(wording.open_values)
    need = wording.required if field.is_required else wording.optional
    return ColumnGuidance(message=_fit([need, *sentences]), explanation=" ".join([need, *named]))


def with_place_of_nothing(message: str) -> str:
    """Add to the message of a cell that *Không phát sinh* is written into it, if there is nothing to report."""
    return _fit([load_wording().nothing_here, message])


def subjects(forms: Sequence[FormContract], listed: Container[tuple[str, str]]) -> frozenset[Subject]:
    """Say what the forms of a workbook have, so that nothing is said of what they lack.

    Args:
        forms: those of the workbook.
        listed: form and field name of each column that has a list of values.
    """
    columns = [(form, field) for form in forms for field in form.fields]
    found: dict[Subject, bool] = {
        "any": True,
        "returns": any(form.attributed_by == "file" for form in forms),
        "collected": all(form.attributed_by == "row" for form in forms),
        "lists": any(
            (form.name, field.name) in listed and field.type != "boolean" for form, field in columns
        ),
        "days": any(field.type in ("date", "datetime") for _, field in columns),
        "money": any(field.is_money for _, field in columns),
        "digits": any(digits_asked(field) is not None for _, field in columns),
        "notes": any(field.name == "note" for _, field in columns),
    }
    return frozenset(subject for subject, has_it in found.items() if has_it)


def examples(half_year: HalfYear) -> dict[str, str]:
    """Give what the words of ``wording.yml`` are filled in with for a half-year."""
    return {
        "money": load_wording().money,
        "period": half_year.label_vi,
        "year": str(half_year.year),
        "period_start": day_vi(half_year.start),
        "period_end": day_vi(half_year.end),
        "example_day": day_vi(half_year.start + _EXAMPLE_AFTER),
        "day_before": day_vi(half_year.start - timedelta(days=1)),
    }


def is_event_day(form: FormContract, field: FormField) -> bool:
    """Whether a column's date places the row in a half-year, whatever else the row says."""
    return field.name == form.event_date and (form.name, field.name) not in _DAYS_OF_ANY_YEAR


def digits_asked(field: FormField) -> int | None:
    """Give the number of digits that a column's pattern asks for; None when it asks for something else or nothing."""
    match = _DIGITS.fullmatch(field.constraints.pattern or "")
    return int(match[1]) if match else None


def _words_of_type(field: FormField, half_year: HalfYear) -> str:
    types = load_wording().types
    digits = digits_asked(field)
    if digits is not None:
        return types["digits"].format(digits=digits)
    return types["money" if field.is_money else field.type].format(**examples(half_year))


def _fit(sentences: list[str]) -> str:
    """Join sentences, leaving out the last ones where Excel has no room for them."""
    while len(sentences) > 1 and len(" ".join(sentences)) > LONGEST_MESSAGE:
        sentences = sentences[:-1]
    return " ".join(sentences)[:LONGEST_MESSAGE]
