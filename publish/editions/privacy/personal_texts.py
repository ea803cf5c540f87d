"""Texts that hold a name or a citizen number: found in what is to be published, and masked where branches wrote freely.

Free text is masked because no officer could repair it in time; anywhere else a hit means that a model is wrong, and nothing
is published. Messages name tables and columns, never a value.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import duckdb

from publish.editions.privacy.known_people import collect_personal_values, phrases_like_names, text_columns
from publish.editions.privacy.personal_columns import PersonalDataError
from publish.editions.privacy.spellings import (
    ANY_CITIZEN_NUMBER,
    CITIZEN_NUMBER_LENGTH,
    DIGITS,
    LOOK_ALIKES,
    MADE_BY_MACHINE,
    MAY_HOLD_NAME,
    MAY_HOLD_NUMBER,
    OLD_NUMBER_IN_GROUPS,
    SUBMISSION_ID_LENGTH,
    whole_number,
)

MASK = "[đã ẩn tên]"
# a column of at least so many rows, more than half of the first of them different, is not made distinct before it is looked at
ROWS_TRIED = 20_000


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
    places = text_columns(connection, catalog, schemas)
    _note_candidates(connection, catalog, places, free_text)
    _note_numbers(connection)
    may_hold_name = f"select distinct text from candidates where regexp_matches(plain, '{MAY_HOLD_NAME}')"
    connection.execute(
        f"""
        create or replace temp table personal_texts as
        with named as (
            select text from ({phrases_like_names(may_hold_name)}) semi join personal_names on phrase = name
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
            f"select count(*) = {ROWS_TRIED} and 2 * approx_count_distinct(text) > count(*)"
            f" from ({texts} limit {ROWS_TRIED})"
        ).fetchone()
        if tried and tried[0]:
            single.append(texts)
        else:
            repeated.append(texts.replace("select", "select distinct", 1))
    free_places = [place for place, column in enumerate(places) if column in free_text]
    # one look at all columns together: a query a column would take longer than the looking. The distinct texts stand in a
    # table, from which each is looked at once; within one query the patterns are planned anew for every column.
    # Two patterns and not one of both: an automaton of both costs a hundred times as much on keys of 64 digits.
    connection.execute(
        "create or replace temp table distinct_texts as "
        + " union all ".join(repeated or ["select 0 as place, null::varchar as text where false"])
    )
    looks = " union all ".join([*single, "from distinct_texts"])
    connection.execute(
        f"""
        create or replace temp table candidates as
        select distinct place, list_contains($free_places::integer[], place) as is_free_text, text, plain
        from (select place, text, {LOOK_ALIKES.sql("text")} as plain from ({looks}))
        where (regexp_matches(plain, '{MAY_HOLD_NAME}') or regexp_matches(plain, '{MAY_HOLD_NUMBER}'))
            and not regexp_full_match(plain, '{MADE_BY_MACHINE}')
        """,
        {"free_places": free_places},
    )
    connection.execute("drop table distinct_texts")


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
        select text, {whole_number("number")} as number
        from (select text, unnest(regexp_extract_all(run, '[0-9]+')) as number from runs)
        where len(number) between 9 and {CITIZEN_NUMBER_LENGTH - 1}
        union
        select text, digits from runs where regexp_full_match(run, '{OLD_NUMBER_IN_GROUPS}')
        """
    )
