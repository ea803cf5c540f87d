"""The guard at the door of an edition: no personal data leaves the working database.

It looks twice: at the names of columns, against the personal-data classes of the contracts, and at the values of every
text column, against the names and citizen numbers that branches sent. Messages name tables and columns, never a value.
Law 91/2025/QH15 on the protection of personal data; pseudonymised keys are kept, names and numbers are not.
"""

from collections.abc import Iterable

import duckdb

from ingest.contracts import Contracts

# columns that begin like a personal field and are not one: the decade of a birth points at nobody
ALLOWED_COLUMNS = frozenset({"birth_decade"})
TEXT_TYPES = ("VARCHAR", "JSON")
# a name of one or two words is also a word or a place, so it counts only as a whole value; longer ones count inside text
SHORTEST_NAME_INSIDE_TEXT = 3
LONGEST_NAME = 7


class PersonalDataError(RuntimeError):
    """An edition would carry personal data; it is not made."""


def forbid_personal_columns(columns: Iterable[tuple[str, str, str]], contracts: Contracts) -> None:
    """Refuse columns that carry the name of a field of class ``personal``, or of one derived from it.

    A column counts as derived when its name is the field's with a suffix (``full_name_folded``), unless that is itself
    a field without personal data (``recipient_kind``) or stands in ``ALLOWED_COLUMNS``.

    Args:
        columns: schema, table and column names.
        contracts: the forms with the classes of their fields.

    Raises:
        PersonalDataError: names every such column.
    """
    fields = [field for form in contracts.forms for field in form.fields]
    personal = {field.name for field in fields if field.personal == "personal"}
    harmless = {field.name for field in fields if field.personal != "personal"} - personal | ALLOWED_COLUMNS
    found = [
        f"{schema}.{table}.{column}"
        for schema, table, column in columns
        if column in personal
        or (column not in harmless and any(column.startswith(f"{name}_") for name in personal))
    ]
    if found:
        raise PersonalDataError(
            "columns with personal data may not be published: " + ", ".join(sorted(found))
        )


def forbid_personal_values(
    connection: duckdb.DuckDBPyConnection, source: str, edition: str, schemas: Iterable[str]
) -> None:
    """Refuse text that holds a member's name or citizen number.

    Names that are also a unit, a village or another word of the reference data (a row typed into the wrong column) do
    not count. The comparison ignores case.

    Args:
        connection: has both databases attached.
        source: catalog of the working database, with ``raw.member_changes``.
        edition: catalog to look through.
        schemas: its schemas that hold published tables.

    Raises:
        PersonalDataError: names every column in which a value was found, with how many.
    """
    connection.execute(
        f"""
        create or replace temp table personal_names as
        select distinct lower(full_name) as name
        from "{source}".raw.member_changes
        where full_name is not null and contains(full_name, ' ')
        """
    )
    for schema, table, column in _reference_text(connection, source):
        connection.execute(
            f'delete from personal_names where name in (select lower("{column}") from "{source}"."{schema}"."{table}")'
        )
    connection.execute(
        f"""
        create or replace temp table personal_numbers as
        select distinct citizen_id as number
        from "{source}".raw.member_changes
        where regexp_full_match(citizen_id, '[0-9]{{9,12}}')
        """
    )
    found = [
        f"{schema}.{table}.{column} ({hits})"
        for schema, table, column in _text_columns(connection, edition, schemas)
        if (hits := _count_personal_values(connection, f'"{edition}"."{schema}"."{table}"', column))
    ]
    if found:
        raise PersonalDataError("names or citizen numbers of members stand in: " + ", ".join(found))


def _count_personal_values(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> int:
    row = connection.execute(
        f"""
        with texts as (
            select distinct lower("{column}"::varchar) as text
            from {table}
            where "{column}" is not null
        ),

        worded as (
            select text, string_split_regex(text, '[\\s,;:."“”()\\[\\]{{}}]+') as words
            from texts
            where contains(text, ' ')
        ),

        phrases as (
            select worded.text, array_to_string(list_slice(worded.words, first, first + length - 1), ' ') as phrase
            from worded, range(1, 400) as firsts (first), range({SHORTEST_NAME_INSIDE_TEXT}, {LONGEST_NAME + 1}) as lengths (length)
            where first + length - 1 <= len(worded.words)
        ),

        numbers as (
            select text, unnest(regexp_extract_all(text, '[0-9]{{9,12}}')) as number
            from texts
        ),

        hits as (
            select text from texts semi join personal_names on texts.text = personal_names.name
            union
            select text from phrases semi join personal_names on phrases.phrase = personal_names.name
            union
            select text from numbers semi join personal_numbers using (number)
        )

        select count(*) from hits
        """
    ).fetchone()
    return int(row[0]) if row else 0


def _reference_text(connection: duckdb.DuckDBPyConnection, source: str) -> list[tuple[str, str, str]]:
    return _text_columns(connection, source, ("reference",))


def _text_columns(
    connection: duckdb.DuckDBPyConnection, catalog: str, schemas: Iterable[str]
) -> list[tuple[str, str, str]]:
    return connection.execute(
        """
        select schema_name, table_name, column_name
        from duckdb_columns()
        where database_name = ? and list_contains(?, schema_name) and list_contains(?, data_type)
        order by all
        """,
        [catalog, list(schemas), list(TEXT_TYPES)],
    ).fetchall()
