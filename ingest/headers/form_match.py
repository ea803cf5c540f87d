"""What matching a header with the forms gives: its columns, and how well they fit a form."""

from dataclasses import dataclass

from ingest.contracts.forms import FormContract, FormField


@dataclass(frozen=True, slots=True)
class HeaderColumn:
    """One column of a table's header.

    Attributes:
        index: position in the sheet, from 0.
        text: the header as printed, parts joined by `` > ``.
        path: its folded parts, from the top.
        money_scale: what a unit of measure in the header itself says, or None.
    """

    index: int
    text: str
    path: tuple[str, ...]
    money_scale: int | None


@dataclass(frozen=True, slots=True)
class FormMatch:
    """How well a header fits a form.

    Attributes:
        columns: field name to column.
        missing: required fields that no column was found for.
        extra: columns that the form does not know.
        score: the share of the evidence that fits; higher is better.
        is_titled: whether the form's title stands above the table.
    """

    form: FormContract
    columns: dict[str, HeaderColumn]
    missing: tuple[FormField, ...]
    extra: tuple[HeaderColumn, ...]
    score: float
    is_titled: bool

    @property
    def decided_by(self) -> str:
        """Say what made it this form, in Vietnamese."""
        found = f"{len(self.columns)} trên {len(self.form.fields)} cột của biểu có trong tiêu đề cột"
        return f"{found}; tên biểu ghi phía trên" if self.is_titled else found
