"""The unit of measure that a header or a title gives to all quantities of a table.

*Kết quả (kg)* over a column, or *ĐVT: kg* above a table without a column for the unit, says for every row what other
branches write beside each figure. It is filled in where the row itself names none.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.headers.form_match import FormMatch
from ingest.headers.matcher import HeaderMatcher
from ingest.tables.columns.money_units import units_stated
from ingest.tables.results import TitleText
from ingest.text.cells import EMPTY_LETTER

_PARENTHESIS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_LAST_PART = re.compile(r"[,:/>-]\s*([^,:/>-]+)$")


@dataclass(frozen=True, slots=True)
class TableUnit:
    """One unit for all figures of a field.

    Attributes:
        number_field: the field of the figures.
        text: the unit as it is written.
    """

    number_field: str
    text: str


def units_of_table(
    match: FormMatch | None, titles: Sequence[TitleText], matcher: HeaderMatcher
) -> dict[str, TableUnit]:
    """Give for each field that holds units of measure the unit that header or title state.

    Args:
        titles: texts above the table.
    """
    units: dict[str, TableUnit] = {}
    for form_field in match.form.fields if match else ():
        column = match.columns.get(form_field.name) if match else None
        if match is None or column is None or form_field.measured_in is None:
            continue
        lists = {other.name: other.choices for other in match.form.fields}
        candidates = [*_PARENTHESIS.findall(column.text), *_LAST_PART.findall(column.text)]
        if form_field.measured_in not in match.columns:
            stated = [
                part for title in titles for unit in units_stated(title.text) for part in unit.split(",")
            ]
            candidates += [unit for unit in stated if matcher.money_scale(unit) is None]
        for unit in candidates:
            if matcher.is_choice(lists[form_field.measured_in], unit):
                units[form_field.measured_in] = TableUnit(form_field.name, unit.strip())
                break
    return units


def fill_units(
    fields: Mapping[str, Sequence[str | None]],
    letters: Mapping[str, str],
    units: Mapping[str, TableUnit],
) -> tuple[dict[str, Sequence[str | None]], dict[str, str]]:
    """Give columns of text and their type letters with a unit beside every figure that has none of its own."""
    filled, filled_letters = dict(fields), dict(letters)
    for name, unit in units.items():
        numbers = fields[unit.number_field]
        own = fields.get(name, [""] * len(numbers))
        filled[name] = [
            text or (unit.text if number else "") for text, number in zip(own, numbers, strict=True)
        ]
        filled_letters[name] = "".join(
            letter if text else ("t" if number else EMPTY_LETTER)
            for letter, text, number in zip(letters[name], own, numbers, strict=True)
        )
    return filled, filled_letters
