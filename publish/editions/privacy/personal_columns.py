"""Columns that may not be published, known by their names and the personal-data classes of the contracts."""

from collections.abc import Iterable

from ingest.contracts.forms import Contracts

# columns that are named like a personal field and may be published all the same, each with its reason
ALLOWED_COLUMNS = {
    "is_members_minority_suppressed": "tells that a count is withheld",
    "is_trainees_minority_suppressed": "tells that a count is withheld",
    "is_beneficiaries_minority_suppressed": "tells that a count is withheld",
}
# what a sensitive field is also called once something has been derived from it
OTHER_NAMES = frozenset({"ethnicity", "minority"})


class PersonalDataError(RuntimeError):
    """An edition would carry personal data; it is not made."""


def forbid_personal_columns(columns: Iterable[tuple[str, str, str]], contracts: Contracts) -> None:
    """Refuse columns that carry the name of a field of class ``personal`` or ``sensitive``, or of one derived from it.

    A column counts as derived when the field's name stands in its own as whole words (``full_name_folded``,
    ``last_religion``), unless that is itself a field without personal data (``recipient_kind``) or stands in
    ``ALLOWED_COLUMNS``.

    Args:
        columns: schema, table and column names.
        contracts: the forms with the classes of their fields.

    Raises:
        PersonalDataError: names every such column.
    """
    fields = [field for form in contracts.forms for field in form.fields]
    personal = {field.name for field in fields if field.personal != "none"} | OTHER_NAMES
    harmless = {field.name for field in fields} - personal | ALLOWED_COLUMNS.keys()
    found = [
        f"{schema}.{table}.{column}"
        for schema, table, column in columns
        if column not in harmless and any(f"_{name}_" in f"_{column}_" for name in personal)
    ]
    if found:
        raise PersonalDataError(
            "columns with personal data may not be published: " + ", ".join(sorted(found))
        )
