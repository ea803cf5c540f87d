"""The guard at the door of an edition: no personal data leaves the working database.

It looks at the names of columns, against the personal-data classes of the contracts, and at the values of every text
column, against the names and citizen numbers that branches sent. Text that branches wrote freely is masked, because no
officer could repair it in time; anywhere else a hit means that a model is wrong, and nothing is published. It looks
before anything is written: a value that is written and then overwritten stays in the bytes of a database file. Messages
name tables and columns, never a value. Law 91/2025/QH15 on the protection of personal data.

Of ten million keys in hexadecimal thousands hold twelve digits in a row, and with millions of members some of these are
somebody's number. So what nobody typed is told from its form and origin, whatever column it stands in: a value that is a
whole SHA-256, UUID or instant, and the id of a submission that we received, at the beginning of a value. What follows such an id
is looked at, and so is any other run of digits, however it is glued to letters.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import duckdb

from ingest.contracts.forms import Contracts
from ingest.text.look_alikes import load_look_alikes

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
CITIZEN_NUMBER_LENGTH = 12
# between the digits of a number anything may stand but letters and other digits
GAP = "[^\\pL\\pN]"
# a citizen number begins with the code of a province (001 to 096), century and sex (0 to 3), year of birth; zeros are none
PROVINCE = "0(?:0[1-9]|[1-9][0-9])"
# groups in which a number that is nobody's here is known all the same; days and amounts are grouped otherwise
GROUPED_CITIZEN_NUMBERS = "|".join(
    (
        f"{PROVINCE}G[0-3][0-9]{{2}}(?:G[0-9]{{3}}){{2}}",
        f"{PROVINCE}G[0-3]G[0-9]{{2}}G[0-9]{{6}}",
        f"{PROVINCE}[0-3](?:G[0-9]{{4}}){{2}}",
        f"{PROVINCE}[0-3][0-9]{{2}}G[0-9]{{6}}",
        "0(?:G[0-9]){2}G[0-3](?:G[0-9]){8}",
    )
).replace("G", f"{GAP}{{1,3}}")
# no digit stands before it: 050.000.000.000 at the end of 1.050.000.000.000 is half an amount
ANY_CITIZEN_NUMBER = f"(?:(?:^|[^0-9]){PROVINCE}[0-3][0-9]{{8}}|(?:^|(?:^|[^0-9])[^0-9])(?:{GROUPED_CITIZEN_NUMBERS}))(?:[^0-9]|$)"
# digits that belong together: a number may be written in groups
DIGITS = f"[0-9]+(?:{GAP}+[0-9]+)*"
# the identity cards before 2021 had nine digits; in groups they count in threes only, as an amount of money is also grouped
OLD_NUMBER_IN_GROUPS = f"[0-9]{{3}}{GAP}[0-9]{{3}}{GAP}[0-9]{{3}}"
MAY_HOLD_NUMBER = f"[0-9]{{9}}|(?:[0-9]{GAP}*){{11}}[0-9]|{OLD_NUMBER_IN_GROUPS}"
# what somebody typed for a number she did not know, and what a round amount reads as: 000000000000, 150000000
NO_NUMBER = "[0-9]{3}0{9}|[0-9]{3}0{6}"
MAY_HOLD_NAME = "[\\pL\\pM''’‘ʼ`][^\\pL\\pM\\pN]+[\\pL\\pM''’‘ʼ`]"
# SHA-256 in hexadecimal; an instant of ISO 8601; a UUID of RFC 9562, as phone forms give to what they send (Kobo and ODK write uuid: before it)
MADE_BY_MACHINE = (
    "[0-9a-f]{64}|(?i:(?:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"
    "|20[0-9]{2}-[01][0-9]-[0-3][0-9][ T][0-9:.]+(?:Z|[+-][0-9:]+)?"
)
SUBMISSION_ID_LENGTH = 16
NOTE_AFTER_NAME = "([ ][-–][ ]|[(,;/\\[\\n]).*$"
LOOK_ALIKES = load_look_alikes()
# a column of which more than half of the first rows differ is not made distinct before it is looked at
ROWS_TRIED = 20_000
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
class PersonalTexts:
    """Texts of one column that hold a name or a citizen number; they stand in ``personal_texts`` under ``place``."""

    schema_name: str
    table_name: str
    column_name: str
    place: int

    @property
    def masking(self) -> str:
        """SQL for the column with ``MASK`` in place of these texts."""
        column = f'"{self.column_name}"'
        return (
            f"case when {column} in (select text from personal_texts where place = {self.place}) then '{MASK}'"
            f" else {column} end as {column}"
        )


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
    """Note the names and citizen numbers of members for ``find_personal_texts``, which compares with them.

    A name is what stands between digits in the column of names, so that a place, a date or a number typed there is none;
    what stands before a note in brackets or after a comma or a dash is one too.
    Names of one word do not count, nor do those that stand in the reference data too (a place or an ordinary word typed
    into the wrong column).

    Args:
        connection: has the working database attached.
        source: its catalog, with ``raw.member_changes``, ``raw.submissions`` and the schema ``reference``; before dbt has
            made that, no name counts as a place.
    """
    connection.execute(
        f"""
        create or replace temp table personal_names as
        with typed as (
            select full_name from "{source}".raw.member_changes where full_name is not null
            union
            select regexp_replace(full_name, '{NOTE_AFTER_NAME}', '', 's') from "{source}".raw.member_changes
            where full_name is not null
        ),

        worded as (
            select list_filter(string_split({_worded("full_name")}, ' '), lambda word: not regexp_matches(word, '\\pN'))
                as words
            from typed
        )

        select distinct array_to_string(words, ' ') as name, words[1] || ' ' || words[2] as first_words
        from worded
        where len(words) >= {SHORTEST_NAME}
        """
    )
    words = " union ".join(
        f'select "{column}" as text from "{source}"."{schema}"."{table}"'
        for schema, table, column in _text_columns(connection, source, ("reference",))
    )
    if words:
        connection.execute(
            f"""
            delete from personal_names where name in (
                select phrase from ({_phrases(f"select text from ({words}) where text is not null")})
            )
            """
        )
    # as typed: in groups, after an apostrophe, without the zeros that a spreadsheet takes for nothing
    digits = (
        f"regexp_replace(regexp_replace({LOOK_ALIKES.sql('citizen_id')}, '[.]0$', ''), '[^0-9]', '', 'g')"
    )
    connection.execute(
        f"""
        create or replace temp view personal_numbers as
        select {_whole_number("number")} as number
        from (
            select case when regexp_full_match(citizen_id, '[0-9]{{12}}') then citizen_id else {digits} end as number
            from "{source}".raw.member_changes
        )
        where len(number) between 9 and {CITIZEN_NUMBER_LENGTH} and not regexp_full_match(number, '{NO_NUMBER}');

        create or replace temp table submission_ids as
        select submission_id from "{source}".raw.submissions where len(submission_id) = {SUBMISSION_ID_LENGTH}
        """
    )


def find_personal_texts(
    connection: duckdb.DuckDBPyConnection,
    catalog: str,
    schemas: Iterable[str],
    free_text: Collection[tuple[str, str, str]],
) -> tuple[PersonalTexts, ...]:
    """Find every text that holds a member's full name or citizen number, or in free text anybody's citizen number.

    A name counts where it stands whole, between the boundaries of words; upper and lower case, apostrophes and the place
    of a tone mark make no difference, other marks do. A number counts wherever its twelve digits follow each other,
    whatever signs stand between or around them. What looks alike is one letter. The whole text goes, for what stands around a name
    tells of her.

    Args:
        connection: ``collect_personal_values`` has run on it.
        catalog: holds what is to be published.
        schemas: its schemas that hold published tables or views.
        free_text: schema, table and column of what branches wrote freely.

    Returns:
        The columns of free text that must be masked; their texts stand in the temporary table ``personal_texts``.

    Raises:
        PersonalDataError: a member's name or citizen number stands in another column; names each, with how many.
    """
    places = _text_columns(connection, catalog, schemas)
    _note_candidates(connection, catalog, places, free_text)
    _note_numbers(connection)
    may_hold_name = f"select distinct text from candidates where regexp_matches(plain, '{MAY_HOLD_NAME}')"
    connection.execute(
        f"""
        create or replace temp table personal_texts as
        with named as (
            select text from ({_phrases(may_hold_name)}) semi join personal_names on phrase = name
            union
            select text from candidate_numbers semi join personal_numbers using (number)
        )

        select place, text from candidates semi join named using (text)
        union
        select place, text
        from candidates semi join (from typed_items where regexp_matches(typed, '{ANY_CITIZEN_NUMBER}')) using (text)
        where is_free_text
        """
    )
    hits = dict(connection.execute("select place, count(*) from personal_texts group by place").fetchall())
    broken = [
        f"{schema}.{table}.{column} ({hits[place]})"
        for place, (schema, table, column) in enumerate(places)
        if place in hits and (schema, table, column) not in free_text
    ]
    if broken:
        raise PersonalDataError("names or citizen numbers of members stand in: " + ", ".join(broken))
    return tuple(PersonalTexts(*column, place) for place, column in enumerate(places) if place in hits)


def mask_texts(connection: duckdb.DuckDBPyConnection, source: str, texts: Sequence[str]) -> list[str]:
    """Give texts with ``MASK`` in place of each that holds a member's name or anybody's citizen number.

    Args:
        connection: has the working database attached; its catalog ``memory`` is its own.
        source: the working database's catalog, as ``collect_personal_values`` wants it.
        texts: what is to leave the warehouse.
    """
    collect_personal_values(connection, source)
    connection.execute(
        "create schema if not exists memory.leaving; create or replace table memory.leaving.texts (text varchar)"
    )
    connection.executemany("insert into memory.leaving.texts values (?)", [[text] for text in texts])
    find_personal_texts(connection, "memory", ("leaving",), {("leaving", "texts", "text")})
    personal = {row[0] for row in connection.execute("select text from personal_texts").fetchall()}
    return [MASK if text in personal else text for text in texts]


def _note_candidates(
    connection: duckdb.DuckDBPyConnection,
    catalog: str,
    places: list[tuple[str, str, str]],
    free_text: Collection[tuple[str, str, str]],
) -> None:
    """Leave every text that may hold a name or a number, with the index of its place, in the table ``candidates``; plain
    is the same with one letter for what looks alike.
    """
    repeated, single = [], []
    for place, (schema, table, column) in enumerate(places):
        relation = f'"{catalog}"."{schema}"."{table}"'
        texts = f'select {place} as place, "{column}"::varchar as text from {relation}'
        tried = connection.execute(
            f"select 2 * approx_count_distinct(text) > count(*) from ({texts} limit {ROWS_TRIED})"
        ).fetchone()
        if tried and tried[0]:
            single.append(texts)
        else:
            repeated.append(texts.replace("select", "select distinct", 1))
    free_places = [place for place, column in enumerate(places) if column in free_text]
    # one look at all columns together: a query a column would take longer than the looking
    looks = " union all ".join([*single, "from distinct_texts"])
    connection.execute(
        f"""
        create or replace temp table candidates as
        -- materialized, or each text would be looked at in every row that shows it
        with distinct_texts as materialized ({" union all ".join(repeated or ["select 0 as place, null as text where false"])})

        select distinct place, list_contains($free_places::integer[], place) as is_free_text, text, plain
        from (select place, text, {LOOK_ALIKES.sql("text")} as plain from ({looks}))
        where regexp_matches(plain, '{MAY_HOLD_NAME}|{MAY_HOLD_NUMBER}')
            and not regexp_full_match(plain, '{MADE_BY_MACHINE}')
        """,
        {"free_places": free_places},
    )


def _note_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave every number that a candidate may hold in the table ``candidate_numbers``, twelve or nine digits long.

    The table ``typed_items`` keeps what people may have typed: a text or, where one of the items of a list is made by a
    machine or begins with the id of a submission, the rest of its items.
    """
    connection.execute(
        f"""
        create or replace temp table typed_items as
        with items as (
            select
                text,
                plain,
                item,
                left(item, {SUBMISSION_ID_LENGTH}) in (from submission_ids) as has_submission_id,
                regexp_full_match(item, '{MADE_BY_MACHINE}') as is_made_by_machine
            from (
                select distinct text, plain, unnest(string_split(plain, ', ')) as item
                from candidates
                where regexp_matches(plain, '{MAY_HOLD_NUMBER}')
            )
        )

        select text, case when has_submission_id then substr(item, {SUBMISSION_ID_LENGTH + 1}) else item end as typed
        from items
        where not is_made_by_machine
        union
        select text, any_value(plain) as typed
        from items
        group by text
        having not bool_or(has_submission_id or is_made_by_machine);

        create or replace temp table candidate_numbers as
        with runs as (
            select text, run, regexp_replace(run, '[^0-9]', '', 'g') as digits
            from (
                select text, unnest(regexp_extract_all(typed, '{DIGITS}')) as run
                from typed_items
                where regexp_matches(typed, '{MAY_HOLD_NUMBER}')
            )
        )

        select distinct text, substr(digits, first, {CITIZEN_NUMBER_LENGTH}) as number
        from (select text, digits, unnest(range(1, len(digits) - {CITIZEN_NUMBER_LENGTH} + 2)) as first from runs)
        union
        select text, {_whole_number("number")} as number
        from (select text, unnest(regexp_extract_all(run, '[0-9]+')) as number from runs)
        where len(number) between 9 and {CITIZEN_NUMBER_LENGTH - 1}
        union
        select text, digits from runs where regexp_full_match(run, '{OLD_NUMBER_IN_GROUPS}')
        """
    )


def _whole_number(number: str) -> str:
    """SQL for a citizen number with the zeros before it that a spreadsheet dropped; nine digits are an older number."""
    return f"case when len({number}) > 9 then lpad({number}, {CITIZEN_NUMBER_LENGTH}, '0') else {number} end"


def _worded(text: str) -> str:
    """SQL for the words of a text in one spelling, one space between them."""
    plain = LOOK_ALIKES.sql(f"{text}::varchar")
    folded = f"regexp_replace(lower(nfc_normalize({plain})), '[''’‘ʼ`]', '', 'g')"
    for older, newer in TONE_PLACES.items():
        folded = f"replace({folded}, '{older}', '{newer}')"
    return f"trim(regexp_replace({folded}, '[^\\pL\\pM\\pN]+', ' ', 'g'))"


def _phrases(texts: str) -> str:
    """SQL for the runs of words of the column ``text`` that begin as a name of ``personal_names`` does."""
    return f"""
        select text, array_to_string(list_slice(words, first, first + length - 1), ' ') as phrase
        from (
            select text, words, first
            from (
                select text, words, unnest(range(1, len(words))) as first
                from (select text, string_split({_worded("text")}, ' ') as words from ({texts}))
            )
            where words[first] || ' ' || words[first + 1] in (select first_words from personal_names)
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
