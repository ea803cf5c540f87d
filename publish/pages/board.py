"""From a list of returns to a board: areas, their half-years, a row a unit and a cell a form; and who must still send.

Half-years that have not been heard of yet but are asked for now (the one that ended last, the one that is open) stand on the
board with everything missing. Nothing is read here and nothing is drawn.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from build.reference import Period
from ingest.home import SEEDS
from ingest.text.printing import VIETNAM
from publish.answers.completeness import expected_forms, periods_in_question
from publish.pages.new_files import NewFile
from publish.pages.returns import FindingLine, FormReturn, Returns, SentPart
from publish.pages.units import ReportingUnit, reporting_units
from publish.pages.wording import STATES, Due, Owed, State, message_to

_OWED = frozenset({"missing", "rejected"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One form of one unit; ``waiting_rows`` of it wait for correction."""

    state: State
    waiting_rows: int = 0


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit in one half-year.

    Attributes:
        cells: in the order of the half-year's forms; None where the unit is not asked for the form.
        parts: what it sent, oldest first.
        owed: what is left to be sent or corrected.
    """

    unit_key: str
    unit_name: str
    cells: tuple[Cell | None, ...]
    parts: tuple[SentPart, ...]
    owed: Owed

    @property
    def is_complete(self) -> bool:
        """Every form that it is asked for is accepted."""
        return not self.owed.unsent and not self.owed.refused


@dataclass(frozen=True, slots=True)
class HalfYear:
    """One half-year of one area.

    Attributes:
        form_labels: headings of the columns, *Biểu 01: …*.
        due: until when it is asked for; None without any unit.
        is_in_question: it is open, or the last that ended.
        is_shown: it stands open on the page; the others are a click away.
    """

    code: str
    label_vi: str
    form_labels: tuple[str, ...]
    rows: tuple[UnitRow, ...]
    due: Due
    is_in_question: bool
    is_shown: bool

    def count(self, kind: str) -> int:
        """Give how many cells are in a state."""
        return sum(1 for row in self.rows for cell in row.cells if cell and cell.state.kind == kind)

    @property
    def complete_units(self) -> int:
        """Give how many units owe no form."""
        return sum(1 for row in self.rows if row.is_complete)

    @property
    def waiting_rows(self) -> int:
        """Give how many rows wait for correction."""
        return sum(row.owed.waiting_rows for row in self.rows)


@dataclass(frozen=True, slots=True)
class Demand:
    """What one unit still owes for one half-year, with the message that asks for it."""

    unit: ReportingUnit
    due: Due
    owed: Owed
    message: str


@dataclass(frozen=True, slots=True)
class AreaBoard:
    """Everything of one area.

    Attributes:
        half_years: newest first.
        findings: of the open half-year, the one before and the newest that was heard of.
        new_files: of its units, that the edition does not hold.
    """

    area_key: str
    area_name: str
    half_years: tuple[HalfYear, ...]
    demands: tuple[Demand, ...]
    findings: tuple[FindingLine, ...]
    new_files: tuple[NewFile, ...]

    @property
    def current(self) -> HalfYear | None:
        """Give the half-year to tell of first: the newest of which something came, else the newest."""
        heard = [half for half in self.half_years if any(row.parts for row in half.rows)]
        return next(iter(heard or self.half_years), None)


@dataclass(frozen=True, slots=True)
class Board:
    """All areas, and what could not be given to any.

    Attributes:
        as_of: what had been received by then is judged.
        strays: parts of files of which unit or half-year is not known.
        unchecked_files: how many have come since.
    """

    told_at: datetime
    as_of: datetime | None
    areas: tuple[AreaBoard, ...]
    strays: tuple[SentPart, ...]
    stray_new_files: tuple[NewFile, ...]
    unchecked_files: int


def arrange(returns: Returns, now: datetime, seeds: Path = SEEDS) -> Board:
    """Put returns on a board.

    Args:
        returns: all that is known.
        now: timezone-aware; the day is Vietnam's.
        seeds: the reference data.
    """
    today = now.astimezone(VIETNAM).date()
    asked = periods_in_question(today, seeds)
    forms = _with_arrivals((*returns.forms, *_unheard(asked, returns, seeds)), returns.new_files)
    in_question = frozenset(period.code for period in asked)
    heard = {form.period_code for form in returns.forms if form.status != "missing"}
    first = {max(heard)} if heard else set()
    open_now = {period.code for period in asked if period.end >= today}
    unit_of = reporting_units(seeds)
    by_area: defaultdict[str, list[FormReturn]] = defaultdict(list)
    for form in forms:
        if form.unit_key in unit_of:
            by_area[unit_of[form.unit_key].area_key].append(form)
    parts = _grouped(returns.parts)
    moment = _Moment(now, in_question, frozenset(first | open_now))
    areas = tuple(
        _area(area_forms, unit_of, parts, returns, moment)
        for _, area_forms in sorted(by_area.items(), key=lambda item: unit_of[item[1][0].unit_key].area_name)
    )
    return Board(
        told_at=now,
        as_of=returns.as_of,
        areas=areas,
        strays=tuple(
            part
            for part in returns.parts
            if part.verdict == "rejected" and (part.unit_key not in unit_of or part.period_code is None)
        ),
        stray_new_files=tuple(file for file in returns.new_files if file.unit_key not in unit_of),
        unchecked_files=sum(1 for file in returns.new_files if not file.is_checked),
    )


@dataclass(frozen=True, slots=True)
class _Moment:
    """When the board is made, and which half-years matter then: the first are the open one and the newest heard of."""

    now: datetime
    in_question: frozenset[str]
    first: frozenset[str]


_Parts = Mapping[tuple[str | None, str | None], Sequence[SentPart]]


def _grouped(parts: Iterable[SentPart]) -> _Parts:
    found: defaultdict[tuple[str | None, str | None], list[SentPart]] = defaultdict(list)
    for part in parts:
        found[part.unit_key, part.period_code].append(part)
    return found


def _unheard(asked: Iterable[Period], returns: Returns, seeds: Path) -> Iterable[FormReturn]:
    """Give the forms of half-years that are asked for and of which nothing is known yet."""
    heard = {form.period_code for form in returns.forms}
    for period in asked:
        if period.code in heard:
            continue
        for form in expected_forms(period, seeds):
            yield FormReturn(
                unit_key=form.unit_key,
                period_code=period.code,
                period_label_vi=period.label_vi,
                form_name=form.form_name,
                form_label_vi=form.form_label,
                status="missing",
                received_at=None,
                version=0,
                submission_id=None,
                due_on=period.end + timedelta(days=form.due_days),
            )


def _with_arrivals(forms: Iterable[FormReturn], new_files: Iterable[NewFile]) -> list[FormReturn]:
    """Let a form that came after the last check be *arrived*, where it was missing or refused."""
    arrived = {
        (file.unit_key, file.period_code, form_name)
        for file in new_files
        if not file.is_checked and file.verdict in {"accepted", "partial"}
        for form_name in file.form_names
    }
    return [
        replace(form, status="arrived")
        if form.status in _OWED and (form.unit_key, form.period_code, form.form_name) in arrived
        else form
        for form in forms
    ]


def _area(
    forms: Sequence[FormReturn],
    unit_of: Mapping[str, ReportingUnit],
    parts: _Parts,
    returns: Returns,
    moment: _Moment,
) -> AreaBoard:
    area = unit_of[max(forms, key=lambda form: form.period_code).unit_key]
    by_period: defaultdict[str, list[FormReturn]] = defaultdict(list)
    for form in forms:
        by_period[form.period_code].append(form)
    half_years = tuple(
        _half_year(code, by_period[code], unit_of, parts, moment) for code in sorted(by_period, reverse=True)
    )
    own = {unit.unit_key for unit in unit_of.values() if unit.area_key == area.area_key}
    return AreaBoard(
        area_key=area.area_key,
        area_name=area.area_name,
        half_years=half_years,
        demands=tuple(_demands(half_years, unit_of)),
        findings=tuple(
            found
            for found in returns.findings
            if found.unit_key in own | {area.area_key}
            and found.period_code in moment.first | moment.in_question
        ),
        new_files=tuple(file for file in returns.new_files if file.unit_key in own),
    )


def _half_year(
    code: str,
    forms: Sequence[FormReturn],
    unit_of: Mapping[str, ReportingUnit],
    parts: _Parts,
    moment: _Moment,
) -> HalfYear:
    labels = tuple(sorted({form.form_label_vi for form in forms}))
    by_unit: defaultdict[str, dict[str, FormReturn]] = defaultdict(dict)
    for form in forms:
        by_unit[form.unit_key][form.form_label_vi] = form
    rows = [
        _row(unit_of[unit_key], labels, found, tuple(parts.get((unit_key, code), ())))
        for unit_key, found in by_unit.items()
    ]
    return HalfYear(
        code=code,
        label_vi=forms[0].period_label_vi,
        form_labels=labels,
        rows=tuple(sorted(rows, key=lambda row: (row.unit_name, row.unit_key))),
        due=Due(
            forms[0].period_label_vi,
            max(form.due_on for form in forms),
            moment.now,
            moment.now.astimezone(VIETNAM).date(),
        ),
        is_in_question=code in moment.in_question,
        is_shown=code in moment.first
        or (code in moment.in_question and any(not row.is_complete for row in rows)),
    )


def _row(
    unit: ReportingUnit, labels: tuple[str, ...], found: Mapping[str, FormReturn], parts: tuple[SentPart, ...]
) -> UnitRow:
    return UnitRow(
        unit_key=unit.unit_key,
        unit_name=unit.unit_name,
        cells=tuple(
            Cell(STATES[found[label].status], found[label].waiting_rows) if label in found else None
            for label in labels
        ),
        parts=parts,
        owed=Owed(
            unsent=tuple(label for label in labels if label in found and found[label].status == "missing"),
            refused=tuple(label for label in labels if label in found and found[label].status == "rejected"),
            waiting_rows=sum(form.waiting_rows for form in found.values()),
            asked=len(found),
        ),
    )


def _demands(half_years: Iterable[HalfYear], unit_of: Mapping[str, ReportingUnit]) -> Iterable[Demand]:
    for half in half_years:
        if not half.is_in_question:
            continue
        for row in half.rows:
            if row.owed.is_anything:
                unit = unit_of[row.unit_key]
                yield Demand(unit, half.due, row.owed, message_to(unit, half.due, row.owed))
