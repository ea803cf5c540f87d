"""The contracts of the forms, as objects.

A contract (``forms/<form>.yml``) is the only place where a column is declared. Its vocabulary is that of Frictionless
Table Schema (https://specs.frictionlessdata.io/table-schema/) with a few words of our own: header spellings, list of
choices, money, personal-data class. Matching of headers, dbt's sources, row rules and the dictionary all come from it.
"""

from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from ingest.home import FORMS, VOCABULARY
from ingest.text.folding import fold

FieldType = Literal["string", "date", "year_or_date", "datetime", "integer", "number", "boolean"]
PersonalClass = Literal["none", "personal", "sensitive"]
SEED_CHOICES = frozenset({"ethnic_groups", "religions", "programmes", "indicators", "units"})


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Constraints(_Frozen):
    """Rules on one value, named as in Table Schema; youngest and oldest are years of age on the day of the event."""

    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    youngest: int | None = None
    oldest: int | None = None


class FormField(_Frozen):
    """One column of a form.

    Attributes:
        name: canonical English name, the column's name in ``raw``.
        title: Vietnamese label, as printed.
        headers: spellings of the header; ``A > B`` means B under the merged header A.
        choices: name of the list that the values come from, in ``vocabulary/choices.yml`` or a seed.
        open_choice: a value outside the list is kept as it is.
        is_money: the sheet's unit of measure (ĐVT) scales it; stored in VND.
        large_for: fields of choices with the codes for which an amount may be many times larger than for all others.
        measured_in: the field that holds its unit of measure; a unit typed with the number stands in for that field.
        decides_row: a row is not what it says without it; like a required field, a bad value keeps the whole row out. A
            bad value of any other field is left out alone, and its row counts.
        is_identifier: it tells one row from all others; what a spreadsheet has made of it (*2,02302E+13*) does not.
        personal: class under the law on personal data; anything but ``none`` stays in the working database.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    description: str
    type: FieldType
    headers: tuple[str, ...] = Field(min_length=1)
    choices: str | None = None
    open_choice: bool = False
    unit_of_measure: str | None = None
    is_money: bool = False
    large_for: dict[str, tuple[str, ...]] = {}
    measured_in: str | None = None
    decides_row: bool = False
    is_identifier: bool = False
    personal: PersonalClass = "none"
    constraints: Constraints = Constraints()

    @property
    def is_required(self) -> bool:
        """Whether a row without it goes to quarantine and a form without its column is refused."""
        return self.constraints.required

    @property
    def keeps_row_out(self) -> bool:
        """Whether a bad value keeps the row out of the figures; otherwise it costs its own cell."""
        return self.is_required or self.decides_row

    @property
    def is_free_text(self) -> bool:
        """Whether it holds text that is of no list of choices, or need not be."""
        return self.type == "string" and (self.choices is None or self.open_choice)

    @property
    def header_paths(self) -> tuple[tuple[str, ...], ...]:
        """Each header spelling as folded parts, from the top header to the lowest."""
        return tuple(tuple(fold(part) for part in header.split(" > ")) for header in self.headers)


class FormContract(_Frozen):
    """One form: its name, its columns and what identifies it.

    Attributes:
        attributed_by: ``file`` when unit and period come from title, file name or folder; ``row`` when each row
            carries its own.
        event_date: the field whose date places a row in a half-year.
        sent_by: level of the unit that fills it in for all, where that is not the one right above those that report.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    titles: tuple[str, ...] = ()
    description: str
    event_date: str | None = None
    attributed_by: Literal["file", "row"] = "file"
    sent_by: str | None = None
    missing_values: tuple[str, ...] = Field(default=("",), alias="missingValues")
    fields: tuple[FormField, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fields_are_consistent(self) -> "FormContract":
        names = [field.name for field in self.fields]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.name}: a field name stands twice")
        if self.event_date is not None and self.event_date not in names:
            raise ValueError(f"{self.name}: event_date {self.event_date} is not a field")
        lists = {field.name: field.choices for field in self.fields}
        for field in self.fields:
            if field.measured_in is not None and lists.get(field.measured_in) is None:
                raise ValueError(f"{self.name}.{field.name}: no list of units in {field.measured_in}")
        return self

    @cached_property
    def field_names(self) -> tuple[str, ...]:
        """The names of the fields, in order."""
        return tuple(field.name for field in self.fields)

    @cached_property
    def required_fields(self) -> tuple[FormField, ...]:
        """The fields without which a row or a form is refused."""
        return tuple(field for field in self.fields if field.is_required)


class Choice(_Frozen):
    """One allowed value: its code is the key under which it stands.

    Attributes:
        label: the value as printed.
        aliases: other words for it, with factor 1.
        factors: other units of measure and what one of them is worth (``tạ: 100`` under ``kg``).
    """

    label: str
    aliases: tuple[str, ...] = ()
    factors: dict[str, float] = {}


class Contracts(_Frozen):
    """All forms and the lists their values come from.

    Attributes:
        forms: in the order of their files' names.
        choice_lists: name of a list to code to label and spellings; lists that are seeds (units, programmes) are not in it.

    Raises:
        pydantic.ValidationError: a form names a list that is not there, or two codes of a list share a spelling.
    """

    forms: tuple[FormContract, ...]
    choice_lists: dict[str, dict[str, Choice]]

    @model_validator(mode="after")
    def _lists_exist_and_are_unambiguous(self) -> "Contracts":
        for form in self.forms:
            for field in form.fields:
                if (
                    field.choices
                    and field.choices not in self.choice_lists
                    and field.choices not in SEED_CHOICES
                ):
                    raise ValueError(f"{form.name}.{field.name}: no list of choices named {field.choices}")
                lists = {other.name: self.choice_lists.get(other.choices or "", {}) for other in form.fields}
                for name, codes in field.large_for.items():
                    if not lists.get(name, {}).keys() >= set(codes):
                        raise ValueError(
                            f"{form.name}.{field.name}: {name} cannot be all of {', '.join(codes)}"
                        )
        for list_name, choices in self.choice_lists.items():
            seen: dict[str, str] = {}
            for code, choice in choices.items():
                for spelling in (choice.label, *choice.aliases, *choice.factors):
                    if seen.setdefault(fold(spelling), code) != code:
                        raise ValueError(
                            f"{list_name}: {spelling!r} could mean {seen[fold(spelling)]} or {code}"
                        )
        return self

    def form(self, name: str) -> FormContract:
        """Give the contract of that name; KeyError when there is none."""
        for form in self.forms:
            if form.name == name:
                return form
        raise KeyError(name)


@lru_cache(maxsize=4)
def load_contracts(folder: Path = FORMS, vocabulary: Path = VOCABULARY) -> Contracts:
    """Read and check every contract in a folder.

    Args:
        folder: holds a ``<form>.yml`` for each form.
        vocabulary: holds ``choices.yml``, the lists of allowed values.

    Raises:
        pydantic.ValidationError: a contract breaks the schema, names an unknown list, or a list is ambiguous.
    """
    forms = [
        FormContract.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*.yml"))
    ]
    choices = yaml.safe_load((vocabulary / "choices.yml").read_text(encoding="utf-8"))
    return Contracts.model_validate({"forms": forms, "choice_lists": choices})
