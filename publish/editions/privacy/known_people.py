"""The names and citizen numbers that branches sent, as tables to compare texts with.

They stand in temporary tables of the connection that makes an edition and nowhere else: ``personal_names``,
``personal_numbers``, and the ids of submissions (``submission_ids``), which look like numbers and are nobody's.
"""

from collections.abc import Iterable

import duckdb

from publish.editions.privacy.spellings import (
    CITIZEN_NUMBER_LENGTH,
    LONGEST_NAME,
    LOOK_ALIKES,
    NO_NUMBER,
    NOTE_AFTER_NAME,
    SHORTEST_NAME,
    SUBMISSION_ID_LENGTH,
    in_one_spelling,
    whole_number,
)

TEXT_TYPES = ("VARCHAR", "JSON")


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
            select list_filter(string_split({in_one_spelling("full_name")}, ' '), lambda word: not regexp_matches(word, '\\pN'))
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
        for schema, table, column in text_columns(connection, source, ("reference",))
    )
    if words:
        connection.execute(
            f"""
            delete from personal_names where name in (
                select phrase from ({phrases_like_names(f"select text from ({words}) where text is not null")})
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
        select {whole_number("number")} as number
        from (
            select case when regexp_full_match(citizen_id, '[0-9]{{12}}') then citizen_id else {digits} end as number
            from "{source}".raw.member_changes
        )
        where len(number) between 9 and {CITIZEN_NUMBER_LENGTH} and not regexp_full_match(number, '{NO_NUMBER}');

        create or replace temp table submission_ids as
        select submission_id from "{source}".raw.submissions where len(submission_id) = {SUBMISSION_ID_LENGTH}
        """
    )


def phrases_like_names(texts: str) -> str:
    """SQL for the runs of words of the column ``text`` that begin as a name of ``personal_names`` does."""
    return f"""
        select text, array_to_string(list_slice(words, first, first + length - 1), ' ') as phrase
        from (
            select text, words, first
            from (
                select text, words, unnest(range(1, len(words))) as first
                from (select text, string_split({in_one_spelling("text")}, ' ') as words from ({texts}))
            )
            where words[first] || ' ' || words[first + 1] in (select first_words from personal_names)
        ), range({SHORTEST_NAME}, {LONGEST_NAME + 1}) as lengths (length)
        where first + length - 1 <= len(words)
    """


def text_columns(
    connection: duckdb.DuckDBPyConnection, catalog: str, schemas: Iterable[str]
) -> list[tuple[str, str, str]]:
    """Give schema, table and column name of every column of text, in order."""
    return connection.execute(
        """
        select schema_name, table_name, column_name
        from duckdb_columns()
        where database_name = ? and list_contains(?, schema_name) and list_contains(?, data_type)
        order by all
        """,
        [catalog, list(schemas), list(TEXT_TYPES)],
    ).fetchall()
