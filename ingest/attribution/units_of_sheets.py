"""Whose the sheets of one file are: a workbook of the whole district holds several units.

A sheet belongs to the unit that its own title block names. Only where sheets name different units is each decided on by
itself; a sheet that names none, and its table goes on from the sheet before, belongs to that one's unit.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from ingest.attribution.decision import NOT_ATTRIBUTED, Attribution, attribute, found_elsewhere
from ingest.attribution.evidence.sources import Evidence, gather_evidence
from ingest.contracts.reference import Reference
from ingest.contracts.verdicts import Reason, ReasonCode
from ingest.tables.results import ReadingFinding, SheetReading, left_out
from ingest.tables.side_by_side import drawn_on


@dataclass(frozen=True, slots=True)
class UnitOfSheets:
    """The sheets of a file (at least one) that belong to one unit and half-year, or to none for one reason."""

    sheets: tuple[SheetReading, ...]
    attribution: Attribution


def units_of_sheets(
    sheets: Sequence[SheetReading], relative_path: str, reference: Reference
) -> list[UnitOfSheets]:
    """Put the sheets of a file together by the unit that they are of, each sheet once.

    Args:
        sheets: all sheets of a file, in their order.
        relative_path: path in the inbox, with ``/``.
        reference: the units that are known.
    """
    evidence = {
        sheet.number: _evidence_of([sheet], relative_path, reference, is_alone=_are_titled(sheets) < 2)
        for sheet in sheets
    }
    all_of_it = _evidence_of(sheets, relative_path, reference, is_alone=_are_titled(sheets) < 2)
    headed = [sheet for sheet in sheets if sheet.tables]
    if headed and all(
        table.form is not None and table.form.attributed_by == "row"
        for sheet in headed
        for table in sheet.tables
    ):
        return [
            UnitOfSheets(tuple(sheets), replace(NOT_ATTRIBUTED, reason=found_elsewhere(all_of_it, reference)))
        ]
    named = {sheet.number: _named(evidence[sheet.number]) for sheet in headed}
    if not any(first.isdisjoint(second) for first, second in combinations(filter(None, named.values()), 2)):
        return [UnitOfSheets(tuple(sheets), attribute(all_of_it, reference))]
    of_the_file = [replace(place, unit_keys=frozenset(), elsewhere=None) for place in all_of_it]
    attributions: dict[int, Attribution] = {}
    before: Attribution | None = None
    for sheet in headed:
        is_continued = before is not None and sheet.tables[0].header_last_row == 0
        attributions[sheet.number] = (
            before
            if is_continued and before is not None
            else attribute([*evidence[sheet.number], *of_the_file], reference)
        )
        before = attributions[sheet.number]
    return _together(sheets, attributions)


def without_hidden_of_others(
    sheets: Sequence[SheetReading], hidden: Collection[int], relative_path: str, reference: Reference
) -> list[SheetReading]:
    """Leave out hidden sheets that are of another unit or half-year than those that are shown: nobody sees them.

    Those of the same unit and half-year count, and that is told.

    Args:
        sheets: all sheets of a file, in their order.
        hidden: numbers of those that are not shown.
        relative_path: path in the inbox, with ``/``.
        reference: the units that are known.
    """
    shown = [sheet for sheet in sheets if drawn_on(sheet.number) not in hidden]
    if not any(sheet.tables for sheet in shown) or len(shown) == len(sheets):
        return list(sheets)
    said = _evidence_of(shown, relative_path, reference, is_alone=False)
    return [
        sheet
        if sheet in shown or not sheet.tables
        else _told_as_hidden(sheet)
        if _agrees(sheet, said, reference)
        else left_out(sheet, Reason.of(ReasonCode.HIDDEN_SHEET, sheet=sheet.name))
        for sheet in sheets
    ]


def _told_as_hidden(sheet: SheetReading) -> SheetReading:
    told = ReadingFinding(
        "hidden_rows", None, None, f"Trang tính “{sheet.name}” đang bị ẩn nhưng vẫn được tính."
    )
    return replace(
        sheet,
        tables=tuple(
            replace(table, findings=(*table.findings, told)) if table.body.row_numbers else table
            for table in sheet.tables
        ),
    )


def _agrees(sheet: SheetReading, said: Sequence[Evidence], reference: Reference) -> bool:
    """Whether what the title block of a sheet says is not other than what is said already."""
    own = [place for place in _evidence_of([sheet], "", reference, is_alone=False) if place.is_title]
    if any(place.elsewhere for place in own):
        return False
    return all(
        not mine or not theirs or not mine.isdisjoint(theirs)
        for mine, theirs in (
            (_all_of(own, "unit_keys"), _all_of(said, "unit_keys")),
            (_all_of(own, "years"), _all_of(said, "years")),
            (_all_of(own, "halves"), _all_of(said, "halves")),
        )
    )


def _all_of(places: Sequence[Evidence], name: str) -> frozenset[object]:
    return frozenset(value for place in places for value in getattr(place, name))


def _are_titled(sheets: Sequence[SheetReading]) -> int:
    return sum(bool(sheet.titles) for sheet in sheets)


def _evidence_of(
    sheets: Sequence[SheetReading], relative_path: str, reference: Reference, *, is_alone: bool
) -> list[Evidence]:
    titles = [
        title if is_alone else replace(title, sheet_name=sheet.name)
        for sheet in sheets
        for title in sheet.titles
    ]
    return gather_evidence(titles, relative_path, reference)


def _named(evidence: Sequence[Evidence]) -> frozenset[str]:
    """Give what the title block of a sheet says of its unit: the place that is none of ours, else units of ours."""
    in_titles = [place for place in evidence if place.is_title]
    return frozenset(place.elsewhere for place in in_titles if place.elsewhere) or frozenset(
        key for place in in_titles for key in place.unit_keys
    )


def _together(sheets: Sequence[SheetReading], attributions: dict[int, Attribution]) -> list[UnitOfSheets]:
    """Put sheets of one unit together, and those of none; those without a table go with the first."""
    first = next(iter(attributions.values()))
    parts: defaultdict[tuple[str | None, str | None], list[SheetReading]] = defaultdict(list)
    decided: defaultdict[tuple[str | None, str | None], list[Attribution]] = defaultdict(list)
    for sheet in sheets:
        attribution = attributions.get(sheet.number, first)
        key = (attribution.unit_key, attribution.period_code if attribution.unit_key else None)
        parts[key].append(sheet)
        decided[key].append(attribution)
    return [UnitOfSheets(tuple(parts[key]), _of_all(decided[key])) for key in parts]


def _of_all(attributions: Sequence[Attribution]) -> Attribution:
    """Give the attribution of sheets of one unit; of sheets of none, with the reasons of all."""
    reasons = list(dict.fromkeys(attribution.reason for attribution in attributions if attribution.reason))
    if not reasons:
        return attributions[0]
    wrong, advice = (
        " ".join(dict.fromkeys(filter(None, words)))
        for words in zip(*((reason.wrong, reason.advice) for reason in reasons), strict=True)
    )
    return replace(NOT_ATTRIBUTED, reason=Reason(reasons[0].code, wrong, advice))
