"""Years of the whole country, as if they had been loaded: what the warehouse is measured on.

Rows are made by SQL, a half-year at a time, straight into ``raw`` with submissions, sheets, structure and control totals, so that
the law of conservation holds as after reading files. How large the country is stands in ``country``, what its rows say in
``national_rows``.
"""

from dataclasses import dataclass
from datetime import timedelta

import duckdb

from bench.country import COMMUNES_A_PROVINCE, FIRST_CODE, NEWEST, Country, HalfYear, unit_key
from bench.national_rows import FIELDS, FIRST_SEEN, TOTALLED
from ingest.contracts.forms import load_contracts
from ingest.database import open_warehouse
from ingest.home import WarehouseHome

HEADER_ROWS = 4


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The sheet that a form has in each of its files."""

    form: str
    number: int
    header_rows: int = HEADER_ROWS


def fill_raw(home: WarehouseHome, country: Country) -> None:
    """Write the half-years of a country into ``raw``.

    In each but the newest one commune in 33 sends its return again; of those before 2025H2 one in 40 comes after the day on
    which it is due. Two half-years are 2025H2 and 2026H1.
    """
    home.prepare()
    with open_warehouse(home) as connection:
        for number in country.numbers:
            _name_communes(connection, country, [number])
            _name_returns(connection)
            for form, rows in country.rows.items():
                _write_returns(connection, form, rows)
        for number in country.numbers:
            _name_communes(connection, country, [number - 1, number])
            _write_logs(connection, country, number)
        for number in country.numbers:
            _name_communes(connection, country, [number])
            _write_reference_forms(connection, HalfYear(number), is_first=number == country.numbers[0])


def correct_commune(home: WarehouseHome, country: Country, number: int) -> str:
    """Send the newest return of one commune again with other rows; gives the unit's key.

    Args:
        home: the warehouse that ``fill_raw`` has filled.
        country: the same country.
        number: which commune, from 0.
    """
    with open_warehouse(home) as connection:
        _name_communes(connection, country, [NEWEST])
        _name_returns(connection, f"n = {number}", version="correction")
        for form, rows in country.rows.items():
            _write_returns(connection, form, rows - 1)
    return unit_key(number, country, HalfYear(NEWEST))


def _name_communes(connection: duckdb.DuckDBPyConnection, country: Country, numbers: list[int]) -> None:
    """Note the communes that report in half-years of these numbers, as the table ``communes``."""
    connection.execute(
        """
        create or replace temp table communes (
            n bigint, half bigint, unit_key varchar, unit_code varchar, province_key varchar, period_code varchar,
            year integer, first_day date
        )
        """
    )
    for number in numbers:
        half = HalfYear(number)
        mergers = country.mergers if number > 0 else {}
        connection.execute(
            f"""
            insert into communes
            select
                n, {number} as half,
                printf('U%d', {FIRST_CODE} + n) || case when n in $taking_in then '_2025' else '' end as unit_key,
                printf('%d', {FIRST_CODE} + n) as unit_code,
                printf('P%02d', 1 + n // {COMMUNES_A_PROVINCE}) as province_key,
                '{half.code}' as period_code, {half.year} as year, date '{half.first_day}' as first_day
            from range({country.communes if number in country.numbers else 0}) as c (n)
            where n not in $merged
            """,
            {"taking_in": list(mergers.values()), "merged": list(mergers)},
        )


def _name_returns(
    connection: duckdb.DuckDBPyConnection, chosen: str = "true", version: str | None = None
) -> None:
    """Note who sends what when, and write the submissions."""
    versions = (
        f"['{version}']"
        if version
        else f"case when n % 33 = (1 - half) % 33 and half < {NEWEST} then ['first', 'again'] else ['first'] end"
    )
    connection.execute(
        f"""
        create or replace temp table returns as
        select *, left(sha256(unit_key || period_code || version), 16) as submission_id
        from (select *, unnest({versions}) as version from communes where {chosen});

        insert into raw.submissions by name
        select
            submission_id, (select count(*) from raw.submissions) + row_number() over (order by half, version = 'again', n)
                as submission_order,
            file_name as relative_path, file_name, 'xlsx' as file_format, sha256(file_name) as sha256,
            40000 as size_bytes,
            (
                first_day + 160 + case version when 'first' then 0 when 'again' then 5 else 20 end
                + case when half < 1 and n % 40 = -half then 40 else 0 end
            )::timestamptz as received_at,
            received_at as ingested_at, 'load' as load_id, unit_key, 'title' as unit_decided_by, period_code,
            'title' as period_decided_by, 'accepted' as verdict
        from (select *, 'Xã số ' || (n + 1) || ' ' || period_code || ' ' || version || '.xlsx' as file_name from returns);
        """
    )


def _write_returns(connection: duckdb.DuckDBPyConnection, form: str, rows: int) -> None:
    sheet = _Sheet(form, list(FIELDS).index(form) + 1)
    seen = _count(connection, form)
    _write_body(connection, sheet, f"returns, range({rows}) as r (i)", "i")
    totals = TOTALLED.get(form, ())
    last = HEADER_ROWS + rows
    _write_sheet(connection, sheet, "returns", f"{last}", has_total=bool(totals))
    for field in totals:
        connection.execute(
            f"""
            insert into raw.control_totals by name
            select submission_id, {sheet.number} as sheet_number, 1 as table_number, '{form}' as form_name,
                {last + 1} as row_number, 'total' as kind, {HEADER_ROWS + 1} as first_row, {last} as last_row,
                '{field}' as field_name, sum("{field}"::bigint)::varchar as value, 'n' as cell_type, 1 as money_scale
            from raw.{form} where rowid >= {seen}
            group by submission_id
            """
        )


def _write_logs(connection: duckdb.DuckDBPyConnection, country: Country, number: int) -> None:
    """One log a province of a half-year; it exports one event in a hundred of the one before again."""
    connection.execute(
        f"""
        create or replace temp table logs as
        select
            province_key, half, left(sha256(province_key || half), 16) as submission_id, max(first_day) as first_day,
            count(*) * {country.events} as new_count
        from communes where half = {number} group by all;

        create or replace temp table logged as
        select communes.*, logs.submission_id, i
        from communes inner join logs using (province_key), range({country.events}) as r (i)
        where communes.half = {number} or i % 100 = 0;

        insert into raw.submissions by name
        select
            submission_id, (select count(*) from raw.submissions) + row_number() over (order by half, province_key)
                as submission_order,
            file_name as relative_path, file_name, 'csv' as file_format, sha256(file_name) as sha256,
            4000000 as size_bytes, (first_day + 161)::timestamptz as received_at, received_at as ingested_at,
            'load' as load_id, 'accepted' as verdict
        from (select *, 'log ' || province_key || ' ' || half || '.csv' as file_name from logs);
        """
    )
    place = "row_number() over (partition by submission_id order by half desc, n, i) - 1"
    sheet = _Sheet("activity_log", 1, header_rows=1)
    _write_body(connection, sheet, f"(select *, {place} as place from logged)", "place")
    connection.execute(
        "create or replace temp table log_sizes as"
        " select submission_id, count(*) + 1 as last_row from logged group by submission_id"
    )
    _write_sheet(connection, sheet, "log_sizes", "last_row", has_total=False)


def _write_reference_forms(connection: duckdb.DuckDBPyConnection, half: HalfYear, *, is_first: bool) -> None:
    """One file of targets a half-year, and before the first one the opening balances."""
    day = half.start + timedelta(days=5)
    forms = [("targets", "range(1, 4)", day + timedelta(days=1) if half.is_second else day)]
    if is_first:
        forms.insert(0, ("opening_balances", "range(1)", day))
    for form, rows, sent_on in forms:
        file = f"{form} {sent_on}"
        connection.execute(
            """
            insert into raw.submissions by name
            select left(sha256($file), 16) as submission_id, (select count(*) + 1 from raw.submissions)
                as submission_order, $file || '.xlsx' as relative_path, $file || '.xlsx' as file_name,
                'xlsx' as file_format, sha256($file) as sha256, 1000 as size_bytes, $day::timestamptz as received_at,
                received_at as ingested_at, 'load' as load_id, 'accepted' as verdict
            """,
            {"file": file, "day": sent_on},
        )
        lines = (
            f"(select *, left(sha256('{file}'), 16) as submission_id, row_number() over (order by n, i) - 1 as place,"
            f" date '{half.start - timedelta(days=1)}' as day_before from communes, {rows} as r (i))"
        )
        sheet = _Sheet(form, 1)
        _write_body(connection, sheet, lines, "place")
        connection.execute(
            f"create or replace temp table sizes as select submission_id, {HEADER_ROWS} + count(*) as last_row"
            f" from {lines} group by submission_id"
        )
        _write_sheet(connection, sheet, "sizes", "last_row", has_total=False)


def _write_body(connection: duckdb.DuckDBPyConnection, sheet: _Sheet, lines: str, place: str) -> None:
    form = sheet.form
    contract = load_contracts().form(form)
    fields = FIELDS[form]
    types = " || ".join(
        f"case when \"{name}\" is null then '.' else 't' end" if name in fields else "'.'"
        for name in contract.field_names
    )
    values = ", ".join(f'({expression})::varchar as "{name}"' for name, expression in fields.items())
    connection.execute(
        f"""
        insert into raw.{form} by name
        select *, {types} as cell_types, 1 as money_scale
        from (
            select submission_id, {sheet.number} as sheet_number, 1 as table_number,
                {sheet.header_rows + 1} + {place} as row_number, {values}
            from (
                select *, (hash(n, half, i, '{_salt(form)}') % 1000000007)::bigint as h,
                    (hash(i, n, half) % 1000003)::bigint as g,
                    (hash(n, case when i % 1000 > 0 then {FIRST_SEEN} else half end, i) % 1000000007)::bigint as p
                from {lines}
            )
        )
        """
    )


def _count(connection: duckdb.DuckDBPyConnection, form: str) -> int:
    found = connection.execute(f"select count(*) from raw.{form}").fetchone()
    return 0 if found is None else int(found[0])


def _salt(form: str) -> str:
    # an activity of the log is the same activity as that of the return: both draw the same numbers
    return "activity" if form in ("movement_activities", "activity_log") else form


def _write_sheet(
    connection: duckdb.DuckDBPyConnection, sheet: _Sheet, files: str, last_row: str, *, has_total: bool
) -> None:
    contract = load_contracts().form(sheet.form)
    columns = ", ".join(f'"{name}": "{chr(65 + place)}"' for place, name in enumerate(contract.field_names))
    connection.execute(
        f"""
        insert into raw.sheets by name
        select submission_id, {sheet.number} as sheet_number, '{sheet.form}' as sheet_name,
            {last_row} + {int(has_total)} as rows_seen, 'accepted' as verdict
        from {files};

        insert into raw.sheet_tables by name
        select submission_id, {sheet.number} as sheet_number, 1 as table_number, '{sheet.form}' as form_name,
            1 as header_first_row, {sheet.header_rows} as header_last_row, {last_row} as last_row, 1 as money_scale,
            'accepted' as verdict, '{{{columns}}}'::json as columns, '[]'::json as extra_columns
        from {files};

        insert into raw.structure_rows by name
        select submission_id, {sheet.number} as sheet_number, 1 as table_number, 1 as first_row,
            {sheet.header_rows} as last_row,
            'header' as kind, '[]'::json as cells
        from {files}
        union all by name
        select submission_id, {sheet.number} as sheet_number, 1 as table_number, {last_row} + 1 as first_row,
            {last_row} + 1 as last_row, 'total' as kind, '[]'::json as cells
        from {files} where {has_total};
        """
    )
