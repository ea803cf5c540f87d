"""The guard at the door of an edition: no personal data leaves the working database.

It looks at the names of columns, against the personal-data classes of the contracts, and at the values of every text
column, against the names and citizen numbers that branches sent. Text that branches wrote freely is masked, because no
officer could repair it in time; anywhere else a hit means that a model is wrong, and nothing is published. Messages name
tables and columns, never a value. Law 91/2025/QH15 on the protection of personal data.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import duckdb

from ingest.contracts import Contracts

# columns that are named like a personal field and may be published all the same, each with its reason
ALLOWED_COLUMNS = {
    "is_members_minority_suppressed": "tells that a count is withheld",
    "is_trainees_minority_suppressed": "tells that a count is withheld",
    "is_beneficiaries_minority_suppressed": "tells that a count is withheld",
}
# what a sensitive field is also called once something has been derived from it
OTHER_NAMES = frozenset({"ethnicity", "minority"})
MASK = "[đã ẩn tên]"
TEXT_TYPES = ("VARCHAR", "JSON")
# one word alone is a word of the language before it is anybody's name
SHORTEST_NAME = 2
LONGEST_NAME = 8
# a citizen number begins with the code of a province (001 to 096), century and sex (0 to 3), year of birth
ANY_CITIZEN_NUMBER = "(^|[^0-9])0[0-9]{2}[0-3][0-9]{8}([^0-9]|$)"
# the older and the newer way to place a tone mark are the same spelling
TONE_PLACES = dict(
    zip(
        ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"],
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        strict=True,
    )
)


class PersonalDataError(RuntimeError):
    """An edition would carry personal data; it is not made."""


@dataclass(frozen=True, slots=True)
class MaskedColumn:
    """A column of an edition in which ``cells`` values held a name or a citizen number and were masked."""

    schema_name: str
    table_name: str
    column_name: str
    cells: int


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


def collect_personal_values(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """Note every member's full name and citizen number in temporary tables; ``mask_personal_values`` compares with them.

    Names of one word do not count, nor do those that stand in the reference data too (a place or an ordinary word typed
    into the wrong column).

    Args:
        connection: has the working database attached.
        source: its catalog, with ``raw.member_changes`` and the schema ``reference``.
    """
    connection.execute(
        f"""
        create or replace temp table personal_names as
        select distinct {_worded("full_name")} as name
        from "{source}".raw.member_changes
        where full_name is not null and len(string_split({_worded("full_name")}, ' ')) >= {SHORTEST_NAME}
        """
    )
    words = " union ".join(
        f'select "{column}" as text from "{source}"."{schema}"."{table}"'
        for schema, table, column in _text_columns(connection, source, ("reference",))
    )
    connection.execute(
        f"""
        with worded as (
            select {_worded("text")} as text
            from ({words})
            where text is not null
        )

        delete from personal_names where name in (select phrase from ({_phrases("worded")}))
        """
    )
    connection.execute(
        f"""
        create or replace temp table personal_numbers as
        select distinct citizen_id as number
        from "{source}".raw.member_changes
        where regexp_full_match(citizen_id, '[0-9]{{9,12}}')
        """
    )


def mask_personal_values(
    connection: duckdb.DuckDBPyConnection,
    edition: str,
    schemas: Iterable[str],
    free_text: Collection[tuple[str, str, str]],
) -> tuple[MaskedColumn, ...]:
    """Put ``MASK`` in place of every free text that holds a member's full name or anybody's citizen number.

    A name counts where it stands whole, between the boundaries of words; upper and lower case, apostrophes and the place
    of a tone mark make no difference, other marks do. The whole text goes, for what stands around a name tells of her.

    Args:
        connection: has the edition attached for writing; ``collect_personal_values`` has run on it.
        edition: catalog to look through.
        schemas: its schemas that hold published tables.
        free_text: schema, table and column of what branches wrote freely.

    Returns:
        The columns in which something was masked.

    Raises:
        PersonalDataError: a member's name or citizen number stands in another column; names each, with how many.
    """
    places = _text_columns(connection, edition, schemas)
    _find_personal_texts(connection, edition, places, free_text)
    hits = dict(connection.execute("select place, count(*) from personal_texts group by place").fetchall())
    broken = [
        f"{schema}.{table}.{column} ({hits[place]})"
        for place, (schema, table, column) in enumerate(places)
        if place in hits and (schema, table, column) not in free_text
    ]
    if broken:
        raise PersonalDataError("names or citizen numbers of members stand in: " + ", ".join(broken))
    masked = []
    for place in sorted(hits):
        schema, table, column = places[place]
        updated = connection.execute(
            f'update "{edition}"."{schema}"."{table}" set "{column}" = ?'
            f' where "{column}" in (select text from personal_texts where place = ?)',
            [MASK, place],
        ).fetchone()
        masked.append(MaskedColumn(schema, table, column, int(updated[0]) if updated else 0))
    return tuple(masked)


def _find_personal_texts(
    connection: duckdb.DuckDBPyConnection,
    edition: str,
    places: list[tuple[str, str, str]],
    free_text: Collection[tuple[str, str, str]],
) -> None:
    """Leave every text that holds personal data, with the index of its place, in the table ``personal_texts``."""
    # one look at all columns together: a query a column would take longer than the looking
    texts = " union all ".join(
        f"select {place} as place, {(schema, table, column) in free_text} as is_free_text, text from"
        f' (select distinct "{column}"::varchar as text from "{edition}"."{schema}"."{table}")'
        for place, (schema, table, column) in enumerate(places)
    )
    connection.execute(
        f"""
        create or replace temp table candidates as
        from ({texts})
        where regexp_matches(text, '\\pL[^\\pL]+\\pL|[0-9][0-9 .-]{{7,}}[0-9]')
        """
    )
    connection.execute(
        f"""
        create or replace temp table personal_texts as
        with worded as (
            select original, {_worded("original")} as text
            from (select distinct text as original from candidates)
        ),

        -- a number may be written in groups
        numbers as (
            select text, unnest(regexp_extract_all(text, '[0-9]{{9,12}}')) as number
            from candidates
            union all
            select text, regexp_replace(unnest(regexp_extract_all(text, '[0-9][0-9 .-]{{8,16}}[0-9]')), '[ .-]', '', 'g')
            from candidates
        ),

        named as (
            select original as text from ({_phrases("worded", "original")}) semi join personal_names on phrase = name
            union
            select text from numbers semi join personal_numbers using (number)
        )

        select place, text from candidates semi join named using (text)
        union
        select place, text from candidates where is_free_text and regexp_matches(text, '{ANY_CITIZEN_NUMBER}')
        """
    )


def _worded(text: str) -> str:
    """SQL for the words of a text in one spelling, one space between them."""
    folded = f"regexp_replace(lower(nfc_normalize({text}::varchar)), '[''’‘ʼ`]', '', 'g')"
    for older, newer in TONE_PLACES.items():
        folded = f"replace({folded}, '{older}', '{newer}')"
    return f"trim(regexp_replace({folded}, '[^\\pL\\pM\\pN]+', ' ', 'g'))"


def _phrases(worded: str, *kept: str) -> str:
    """SQL for every run of words, as long as a name may be, of the column ``text`` of ``worded``."""
    columns = ", ".join([*kept, ""])
    return f"""
        select {columns}array_to_string(list_slice(words, first, first + length - 1), ' ') as phrase
        from (
            select {columns}words, unnest(generate_series(1, len(words) - {SHORTEST_NAME} + 1)) as first
            from (select {columns}string_split(text, ' ') as words from {worded})
        ), range({SHORTEST_NAME}, {LONGEST_NAME + 1}) as lengths (length)
        where first + length - 1 <= len(words)
    """


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
