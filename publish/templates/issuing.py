"""Which blank workbooks are made for a half-year, and where they go.

One for each unit that is asked to report, and beside them those that the union above fills in: targets and opening
balances. Units, half-years and lists come from the seeds, forms from the contracts; the day of today is passed in.
"""

from dataclasses import dataclass
from pathlib import Path

from ingest.contracts.forms import Contracts, FormContract, load_contracts
from ingest.durable import put_in_place
from ingest.home import SEEDS
from publish.templates.addressees import (
    Addressee,
    HalfYear,
    addressee,
    addressees,
    collectors,
    half_year,
    sender,
)
from publish.templates.blank_form import Letterhead, TemplateError
from publish.templates.blank_workbook import BlankWorkbook, draw_workbook
from publish.templates.guidance import examples, load_wording
from publish.templates.value_lists import ValueList, value_list

_NOT_IN_FILE_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|', " "))


@dataclass(frozen=True, slots=True)
class IssuedTemplates:
    """The workbooks that were written; ``paths`` in the order of the units."""

    period_code: str
    folder: Path
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """What the blank workbooks of a half-year are made from; ``seeds`` is the folder of dbt's seeds."""

    period: HalfYear
    contracts: Contracts
    seeds: Path


@dataclass(frozen=True, slots=True)
class _Heading:
    """What a workbook says of itself; ``subtitle`` stands under the form's title, ``introduction`` on the first page."""

    file_name: str
    subtitle: str | None
    introduction: tuple[str, ...]


def write_templates(
    into: Path,
    period_code: str,
    unit_key: str | None = None,
    contracts: Contracts | None = None,
    seeds: Path = SEEDS,
) -> IssuedTemplates:
    """Write the blank workbooks of a half-year to ``<into>/<period>/<unit name>.xlsx``.

    Args:
        into: the folder; a sub-folder is made for the half-year.
        period_code: a half-year (``2023H1``).
        unit_key: only this unit's workbook; without it all units of the half-year, targets and opening balances.
        contracts: the forms; those of the project when not given.
        seeds: folder of dbt's seeds.

    Raises:
        UnknownChoiceError: no such half-year or unit, or the unit did not exist then.
        TemplateError: a contract asks for what a workbook cannot hold.
    """
    asking = Asking(half_year(period_code, seeds), contracts or load_contracts(), seeds)
    if unit_key is not None:
        blanks = [unit_workbook(addressee(unit_key, period_code, seeds), asking)]
    else:
        asked = addressees(period_code, seeds)
        blanks = [unit_workbook(unit, asking) for unit in asked]
        blanks += [
            collected_workbook(form, unit, asking)
            for unit in collectors(asked, seeds)
            for form in _forms(asking.contracts, attributed_by="row")
        ]
    folder = into / period_code
    folder.mkdir(parents=True, exist_ok=True)
    paths = tuple(_write_whole(folder / blank.file_name, draw_workbook(blank)) for blank in blanks)
    return IssuedTemplates(period_code, folder, paths)


def unit_workbook(unit: Addressee, asking: Asking) -> BlankWorkbook:
    """Give the return of one unit: every form whose unit and period stand in the title block."""
    words = load_wording().instructions
    filling = {**examples(asking.period), "unit": unit.unit_name}
    heading = _Heading(
        file_name=f"{unit.unit_name}.xlsx",
        subtitle=load_wording().period.format(**filling),
        introduction=(words.unit.format(**filling), words.period.format(**filling)),
    )
    to = _named(load_wording().territorial_union, unit.upper_name) if unit.upper_name else None
    return _workbook(heading, _forms(asking.contracts, attributed_by="file"), unit, asking, to)


def collected_workbook(form: FormContract, collector: Addressee, asking: Asking) -> BlankWorkbook:
    """Give a form of which each row names its own unit, filled in once for all by a union above them.

    Args:
        form: such a form.
        collector: the union right above the units, to which returns go.
        asking: what the workbooks of the half-year are made from.
    """
    unit = sender(form, collector, asking.seeds)
    words = load_wording()
    filling = examples(asking.period)
    if any(field.name == "year" for field in form.fields):
        heading = _Heading(
            file_name=f"{form.title} {asking.period.year}.xlsx",
            subtitle=words.year.format(**filling),
            introduction=(words.instructions.year.format(**filling),),
        )
    else:
        heading = _Heading(f"{form.title}.xlsx", subtitle=None, introduction=())
    is_sent = unit.unit_key != collector.unit_key
    to = _named(words.territorial_union, collector.unit_name) if is_sent else None
    return _workbook(heading, (form,), unit, asking, to)


def _forms(contracts: Contracts, attributed_by: str) -> tuple[FormContract, ...]:
    """Give the forms that are workbooks, in the order of their numbers; events of a log come by other ways."""
    chosen = [
        form
        for form in contracts.forms
        if form.attributed_by == attributed_by and (attributed_by == "file" or form.event_date is None)
    ]
    return tuple(sorted(chosen, key=lambda form: form.title))


def _workbook(
    heading: _Heading, forms: tuple[FormContract, ...], unit: Addressee, asking: Asking, to: str | None
) -> BlankWorkbook:
    wording = load_wording()
    upper = _named(wording.territorial_union, unit.upper_name) if unit.upper_name else None
    letterhead = Letterhead(
        upper=upper,
        issuer=_named(wording.territorial_issuer, unit.unit_name) if unit.is_territorial else unit.unit_name,
        subtitle=heading.subtitle,
        place=unit.place,
        signer=wording.signed_by_territorial if unit.is_territorial else wording.signed_by_base,
    )
    return BlankWorkbook(
        file_name=" ".join(heading.file_name.translate(_NOT_IN_FILE_NAMES).split()),
        forms=forms,
        letterhead=letterhead,
        half_year=asking.period,
        lists=_lists(forms, unit, asking),
        introduction=heading.introduction,
        collector=to,
    )


def _lists(
    forms: tuple[FormContract, ...], unit: Addressee, asking: Asking
) -> dict[tuple[str, str], ValueList]:
    found: dict[tuple[str, str], ValueList] = {}
    for form in forms:
        for field in form.fields:
            values = value_list(field, asking.contracts, unit, asking.period.year, asking.seeds)
            if values is None:
                continue
            if not values.values:
                raise TemplateError(f"{form.name}.{field.name}: the list {values.name} is empty")
            found[form.name, field.name] = values
    return found


def _named(organisation: str, unit_name: str) -> str:
    """Name what belongs to a unit: *Hội LHPN* and *Huyện Krông Ana* → *Hội LHPN huyện Krông Ana*."""
    return f"{organisation} {unit_name[:1].lower()}{unit_name[1:]}"


def _write_whole(path: Path, content: bytes) -> Path:
    """Write a file with one rename, so that nobody opens half a workbook."""
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(content)
    put_in_place(unfinished, path)
    return path
