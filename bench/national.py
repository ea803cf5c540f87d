"""A year of the whole country, as if it had been loaded: what the warehouse is measured on.

Rows are made by SQL, set by set, straight into ``raw`` with submissions, sheets, structure and control totals, so that
the law of conservation holds as after reading files. Units get seeds of their own in a copy of the dbt project. All of
it depends on numbers alone: the same country comes out every time.
"""

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.contracts.forms import load_contracts
from ingest.database import open_warehouse
from ingest.home import DBT_PROJECT, WarehouseHome

COMMUNES_A_PROVINCE = 97  # 3,300 communes in 34 provinces since 1 July 2025
FIRST_CODE = 10_001
HEADER_ROWS = 4
MADE_BY_DBT = shutil.ignore_patterns("target", "logs", "dbt_packages")

FAMILY_NAMES = (
    "['Nguyễn','Trần','Lê','Phạm','Hoàng','Phan','Vũ','Võ','Đặng','Bùi','Đỗ','Hồ','Ngô','Dương','Lý']"
)
MIDDLE_NAMES = (
    "['Thị','Thị Ngọc','Thị Thu','Thị Kim','Thị Mỹ','Thị Bích','Thị Thanh','Thị Hồng','Thị Minh','Diệu']"
)
GIVEN_NAMES = (
    "['An','Bình','Chi','Cúc','Dung','Đào','Giang','Hà','Hạnh','Hằng','Hiền','Hoa','Hòa','Huệ','Hương','Lan','Liên',"
    "'Linh','Loan','Mai','My','Nga','Ngân','Nhung','Oanh','Phương','Quyên','Tâm','Thảo','Thủy','Trang','Tuyết','Vân','Yến']"
)
PROGRAMMES = "['plastic_waste','new_rural','directive_21','five_no_three_clean','project_938','project_939','project_06']"


@dataclass(frozen=True, slots=True)
class Country:
    """How large the country is; the default is the whole of it.

    Attributes:
        communes: number of communes that report twice.
        member_changes: rows of Biểu 01 in one return; 1,516 make ten million in a year.
        activities: rows of Biểu 05 in one return.
        events: events of a commune in the log of one half-year; with the activities they make five million.
    """

    communes: int = 3_300
    member_changes: int = 1_516
    activities: int = 300
    events: int = 458

    @property
    def rows(self) -> dict[str, int]:
        """Rows of each form in one return."""
        return {
            "member_changes": self.member_changes,
            "clubs": 12,
            "trainings": 4,
            "support_funds": 20,
            "movement_activities": self.activities,
            "awards": 6,
            "protection_cases": 2,
        }


# What stands in a row, from the row's number `i` in its return, the return's columns and random numbers `h`, `g`, `p`.
ACTIVITY_DAY = "strftime(first_day + (h % 160)::integer, '%Y-%m-%d')"
ACTIVITY_TYPE = (
    "['tuyên truyền','ra quân','công trình - phần việc','thu gom','ký cam kết','trồng cây','đoạn đường','gây quỹ']"
    "[1 + i % 8]"
)
ACTIVITY_UOM = "[null, null, 'cái', 'kg', 'hộ', 'cây', 'km', 'đồng'][1 + i % 8]"
ACTIVITY_PROGRAMME = f"case when i % 8 = 2 then 'new_rural' else {PROGRAMMES}[1 + h % 7] end"
FIELDS: dict[str, dict[str, str]] = {
    "member_changes": {
        # who she is comes from `p`, which one in twenty of the second half-year shares with one of the first
        "full_name": f"{FAMILY_NAMES}[1 + p % 15] || ' ' || {MIDDLE_NAMES}[1 + (p // 15) % 10] || ' '"
        f" || {GIVEN_NAMES}[1 + (p // 150) % 34]",
        # of the higher digits, so that a name says nothing of a birth
        "birth": "case when i % 3 = 0 then (1950 + p // 5100 % 55)::varchar"
        " else strftime(date '1950-01-01' + (p // 5100 % 20000)::integer, '%d/%m/%Y') end",
        "ethnic_group": "['Kinh','Kinh','Kinh','Kinh','Kinh','Tày','Nùng','Ê đê','Mường','Thái'][1 + g % 10]",
        "religion": "['Không', null, null, 'Phật giáo', 'Công giáo'][1 + g % 5]",
        "village": "'Thôn ' || (1 + p % 12)",
        "change_type": "case when half = 2 and i % 20 = 0 then 'thôi sinh hoạt' else ['phát triển mới',"
        "'phát triển mới','phát triển mới','phát triển mới','phát triển mới',"
        "'chuyển đến','chuyển đi','thôi sinh hoạt','thôi sinh hoạt','từ trần'][1 + i % 10] end",
        "changed_on": "case when g % 1000 = 0 then '31/02/2026'"
        " else strftime(first_day + (h % 160)::integer, '%Y-%m-%d') end",
        "education": "['9/12', '12/12', 'Đại học'][1 + g % 3]",
        "occupation": "['Làm nông', 'Buôn bán', 'Giáo viên'][1 + g % 3]",
        "is_poor_household": "case when g % 20 = 0 then 'x' end",
        "is_near_poor_household": "case when g % 20 = 1 then 'x' end",
        "is_core": "case when g % 5 = 0 then 'x' end",
        "is_party_member": "case when g % 15 = 0 then 'x' end",
        # one in a thousand of the second half-year bears the number of another
        "citizen_id": "case when i % 10 < 7 then printf('%03d%d%08d', 1 + n % 96, 1 + 2 * (p % 2)::integer,"
        " n * 5000 + i + case when half = 2 and i % 20 > 0 then 2500 else 0 end) end",
    },
    "clubs": {
        "club_name": "'CLB số ' || i || ' thôn ' || (1 + h % 12)",
        "kind": "['mô hình', 'câu lạc bộ', 'tổ'][1 + i % 3]",
        "programme": f"{PROGRAMMES}[1 + h % 7]",
        "village": "'Thôn ' || (1 + h % 12)",
        "founded_on": "strftime(first_day + (h % 160)::integer - case when i % 4 = 0 then 0 else 1000 end, '%Y-%m-%d')",
        "status": "case when i % 4 = 0 then 'thành lập mới' else 'duy trì' end",
        "members": "(10 + h % 40)::varchar",
        "members_minority": "(h % 10)::varchar",
    },
    "trainings": {
        "title": "'Lớp số ' || i",
        "kind": "['dạy nghề', 'tập huấn', 'bồi dưỡng', 'tập huấn'][1 + i % 4]",
        "subject": "['May', 'Nấu ăn', 'Chăn nuôi'][1 + g % 3]",
        "starts_on": "strftime(first_day + (h % 160)::integer, '%Y-%m-%d')",
        "venue": "'Hội trường thôn ' || (1 + h % 12)",
        "trainees": "(20 + h % 30)::varchar",
        "trainees_minority": "(h % 15)::varchar",
        "employed_after": "case when i % 4 = 0 then (h % 20)::varchar end",
        "cost_vnd": "((5 + h % 40) * 1000000)::varchar",
    },
    "support_funds": {
        "supported_on": "strftime(first_day + (h % 160)::integer, '%Y-%m-%d')",
        "kind": "['quà','tiền mặt','mái ấm tình thương','học bổng','vốn quay vòng','vốn ủy thác NHCSXH','mẹ đỡ đầu']"
        "[1 + i % 7]",
        "beneficiary_group": "['hội viên khó khăn', 'trẻ em', 'phụ nữ nghèo'][1 + g % 3]",
        "beneficiaries": "(1 + h % 30)::varchar",
        "beneficiaries_minority": "'1'",
        "amount_vnd": "((1 + h % 300) * 100000)::varchar",
        "source": "'Quỹ Hội'",
        "programme": f"{PROGRAMMES}[1 + h % 7]",
    },
    "movement_activities": {
        "held_on": ACTIVITY_DAY,
        "programme": ACTIVITY_PROGRAMME,
        "activity_type": ACTIVITY_TYPE,
        "description": "'Hoạt động ' || i || ' tại thôn ' || (1 + h % 12)",
        "village": "'Thôn ' || (1 + h % 12)",
        "participants": "(10 + h % 90)::varchar",
        "quantity": f"case when {ACTIVITY_UOM} is not null then (1 + g % 200)::varchar end",
        "uom": ACTIVITY_UOM,
        "cost_vnd": "((h % 50) * 100000)::varchar",
    },
    "awards": {
        "awarded_on": "strftime(first_day + (h % 160)::integer, '%Y-%m-%d')",
        "recipient_kind": "['tập thể', 'cá nhân'][1 + i % 2]",
        "recipient": "'Chi hội thôn ' || (1 + h % 12)",
        "award": "'giấy khen'",
        "programme": f"{PROGRAMMES}[1 + h % 7]",
    },
    "protection_cases": {
        "reported_on": "strftime(first_day + (h % 160)::integer, '%Y-%m-%d')",
        "case_type": "'Bạo lực gia đình'",
        "victim_group": "['phụ nữ', 'trẻ em'][1 + i % 2]",
    },
    "activity_log": {
        "event_id": "unit_code || '-' || half || '-' || i",
        "occurred_at": ACTIVITY_DAY + " || 'T08:30:00'",
        "unit_code": "unit_code",
        "village": "'Thôn ' || (1 + h % 12)",
        "programme": ACTIVITY_PROGRAMME,
        "activity_type": ACTIVITY_TYPE,
        "participants": "(10 + h % 90)::varchar",
        "quantity": f"case when {ACTIVITY_UOM} is not null then (1 + g % 200)::varchar end",
        "uom": ACTIVITY_UOM,
    },
    "opening_balances": {
        "unit": "unit_code",
        "as_of": "'2025-06-14'",
        "members": "(5500 + h % 1000)::varchar",
    },
    "targets": {
        "year": "year::varchar",
        "period": "case half when 1 then '6 tháng cuối năm' else '6 tháng' end",
        "unit": "unit_code",
        "indicator": "['new_members', 'new_clubs', 'plastic_kg'][i]",
        "target": "[700, 3, 3000][i]::varchar",
    },
}
TOTALLED = {
    "clubs": ("members",),
    "trainings": ("trainees", "cost_vnd"),
    "support_funds": ("beneficiaries", "amount_vnd"),
    "movement_activities": ("participants",),
}


def make_project(folder: Path, country: Country, project: Path = DBT_PROJECT) -> Path:
    """Copy the dbt project with the seeds of a country: provinces as areas, communes below them.

    Args:
        folder: where the copy goes; what stands there is replaced.
        country: how large it is.
        project: what is copied.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project, folder, ignore=MADE_BY_DBT)
    provinces = -(-country.communes // COMMUNES_A_PROVINCE)
    units: list[tuple[object, ...]] = [
        (f"P{number:02d}", None, f"Tỉnh số {number}", "province", "territorial", None, f"P{number:02d}", None, None)
        for number in range(1, provinces + 1)
    ] + [
        (
            f"U{FIRST_CODE + number}", FIRST_CODE + number, f"Xã số {number + 1}", "commune", "territorial",
            _province(number), _province(number), None, None,
        )
        for number in range(country.communes)
    ]  # fmt: skip
    seeds: dict[str, list[tuple[object, ...]]] = {
        "units": units,
        "unit_aliases": [(units[0][0], "Tỉnh Một")],
        "unit_crosswalk": [],
        "villages": [],
    }
    for name, rows in seeds.items():
        path = folder / "seeds" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as old:
            header = next(csv.reader(old))
        with path.open("w", encoding="utf-8", newline="") as new:
            writer = csv.writer(new, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
    return folder


def fill_raw(home: WarehouseHome, country: Country) -> None:
    """Write a year of a country into ``raw``: 2025H2 and 2026H1, one commune in 33 with its first return corrected."""
    home.prepare()
    with open_warehouse(home) as connection:
        _name_returns(connection, country)
        for form, rows in country.rows.items():
            _write_returns(connection, form, rows)
        _write_logs(connection, country)
        _write_reference_forms(connection)


def correct_commune(home: WarehouseHome, country: Country, number: int = 7) -> str:
    """Send the newest return of one commune again with other rows; gives the unit's key.

    Args:
        home: the warehouse that ``fill_raw`` has filled.
        country: the same country.
        number: which commune, from 0.
    """
    with open_warehouse(home) as connection:
        _name_returns(connection, country, f"n = {number} and half = 2", version="correction")
        for form, rows in country.rows.items():
            _write_returns(connection, form, rows - 1)
    return f"U{FIRST_CODE + number}"


def _province(number: int) -> str:
    return f"P{1 + number // COMMUNES_A_PROVINCE:02d}"


def _name_returns(
    connection: duckdb.DuckDBPyConnection, country: Country, chosen: str = "true", version: str | None = None
) -> None:
    """Note who sends what when, and write the submissions."""
    versions = (
        f"['{version}']"
        if version
        else "case when n % 33 = 0 and half = 1 then ['first', 'again'] else ['first'] end"
    )
    connection.execute(
        f"""
        create or replace temp table communes as
        select
            n, half, printf('U%d', {FIRST_CODE} + n) as unit_key, printf('%d', {FIRST_CODE} + n) as unit_code,
            printf('P%02d', 1 + n // {COMMUNES_A_PROVINCE}) as province_key,
            ['2025H2', '2026H1'][half] as period_code, 2024 + half as year,
            [date '2025-07-01', date '2025-12-16'][half] as first_day
        from range({country.communes}) as c (n), range(1, 3) as h (half);

        create or replace temp table returns as
        select *, left(sha256(unit_key || period_code || version), 16) as submission_id
        from (select *, unnest({versions}) as version from communes where {chosen});

        insert into raw.submissions by name
        select
            submission_id, (select count(*) from raw.submissions) + row_number() over (order by half, version = 'again', n)
                as submission_order,
            file_name as relative_path, file_name, 'xlsx' as file_format, sha256(file_name) as sha256,
            40000 as size_bytes,
            (first_day + 160 + case version when 'first' then 0 when 'again' then 5 else 20 end)::timestamptz as received_at,
            received_at as ingested_at, 'load' as load_id, unit_key, 'title' as unit_decided_by, period_code,
            'title' as period_decided_by, 'accepted' as verdict
        from (select *, 'Xã số ' || (n + 1) || ' ' || period_code || ' ' || version || '.xlsx' as file_name from returns);
        """
    )


def _write_returns(connection: duckdb.DuckDBPyConnection, form: str, rows: int) -> None:
    sheet = list(FIELDS).index(form) + 1
    _write_body(
        connection, form, f"{sheet} as sheet_number", f"returns, range({rows}) as r (i)", "i", HEADER_ROWS
    )
    totals = TOTALLED.get(form, ())
    last = HEADER_ROWS + rows
    _write_sheet(connection, form, sheet, "returns", HEADER_ROWS, f"{last}", has_total=bool(totals))
    for field in totals:
        connection.execute(
            f"""
            insert into raw.control_totals by name
            select submission_id, {sheet} as sheet_number, 1 as table_number, '{form}' as form_name,
                {last + 1} as row_number, 'total' as kind, {HEADER_ROWS + 1} as first_row, {last} as last_row,
                '{field}' as field_name, sum("{field}"::bigint)::varchar as value, 'n' as cell_type, 1 as money_scale
            from raw.{form} where submission_id in (select submission_id from returns)
            group by submission_id
            """
        )


def _write_logs(connection: duckdb.DuckDBPyConnection, country: Country) -> None:
    """One log a province and half-year; the second one exports one event in a hundred of the first again."""
    connection.execute(
        f"""
        create or replace temp table logs as
        select
            province_key, half, left(sha256(province_key || half), 16) as submission_id, max(first_day) as first_day,
            count(*) * {country.events} as new_count
        from communes group by all;

        create or replace temp table logged as
        select communes.*, logs.submission_id, i
        from communes inner join logs using (province_key, half), range({country.events}) as r (i)
        union all
        select communes.*, logs.submission_id, i
        from communes
        inner join logs on communes.province_key = logs.province_key and logs.half = 2 and communes.half = 1,
        range({country.events}) as r (i) where i % 100 = 0;

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
    _write_body(
        connection,
        "activity_log",
        "1 as sheet_number",
        f"(select *, {place} as place from logged)",
        "place",
        1,
    )
    connection.execute(
        "create or replace temp table log_sizes as"
        " select submission_id, count(*) + 1 as last_row from logged group by submission_id"
    )
    _write_sheet(connection, "activity_log", 1, "log_sizes", 1, "last_row", has_total=False)


def _write_reference_forms(connection: duckdb.DuckDBPyConnection) -> None:
    """One file of opening balances, and one file of targets a year."""
    for form, files, rows, day in (
        ("opening_balances", "half = 1", "range(1)", "2025-06-20"),
        ("targets", "half = 1", "range(1, 4)", "2025-06-21"),
        ("targets", "half = 2", "range(1, 4)", "2025-12-20"),
    ):
        file = f"{form} {day}"
        connection.execute(
            """
            insert into raw.submissions by name
            select left(sha256($file), 16) as submission_id, (select count(*) + 1 from raw.submissions)
                as submission_order, $file || '.xlsx' as relative_path, $file || '.xlsx' as file_name,
                'xlsx' as file_format, sha256($file) as sha256, 1000 as size_bytes, $day::timestamptz as received_at,
                received_at as ingested_at, 'load' as load_id, 'accepted' as verdict
            """,
            {"file": file, "day": day},
        )
        lines = (
            f"(select *, left(sha256('{file}'), 16) as submission_id, row_number() over (order by n, i) - 1 as place"
            f" from communes, {rows} as r (i) where {files})"
        )
        _write_body(connection, form, "1 as sheet_number", lines, "place", HEADER_ROWS)
        connection.execute(
            f"create or replace temp table sizes as select submission_id, {HEADER_ROWS} + count(*) as last_row"
            f" from {lines} group by submission_id"
        )
        _write_sheet(connection, form, 1, "sizes", HEADER_ROWS, "last_row", has_total=False)


def _write_body(
    connection: duckdb.DuckDBPyConnection, form: str, sheet: str, lines: str, place: str, header_rows: int
) -> None:
    contract = next(contract for contract in load_contracts().forms if contract.name == form)
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
            select submission_id, {sheet}, 1 as table_number, {header_rows + 1} + {place} as row_number, {values}
            from (
                select *, (hash(n, half, i, '{_salt(form)}') % 1000000007)::bigint as h,
                    (hash(i, n, half) % 1000003)::bigint as g,
                    (hash(n, case when i % 20 = 0 and i % 1000 > 0 then 1 else half end, i) % 1000000007)::bigint as p
                from {lines}
            )
        )
        """
    )


def _salt(form: str) -> str:
    # an activity of the log is the same activity as that of the return: both draw the same numbers
    return "activity" if form in ("movement_activities", "activity_log") else form


def _write_sheet(
    connection: duckdb.DuckDBPyConnection,
    form: str,
    sheet: int,
    files: str,
    header_rows: int,
    last_row: str,
    *,
    has_total: bool,
) -> None:
    contract = next(contract for contract in load_contracts().forms if contract.name == form)
    columns = ", ".join(f'"{name}": "{chr(65 + place)}"' for place, name in enumerate(contract.field_names))
    connection.execute(
        f"""
        insert into raw.sheets by name
        select submission_id, {sheet} as sheet_number, '{form}' as sheet_name,
            {last_row} + {int(has_total)} as rows_seen, 'accepted' as verdict
        from {files};

        insert into raw.sheet_tables by name
        select submission_id, {sheet} as sheet_number, 1 as table_number, '{form}' as form_name,
            1 as header_first_row, {header_rows} as header_last_row, {last_row} as last_row, 1 as money_scale,
            'accepted' as verdict, '{{{columns}}}'::json as columns, '[]'::json as extra_columns
        from {files};

        insert into raw.structure_rows by name
        select submission_id, {sheet} as sheet_number, 1 as table_number, 1 as first_row, {header_rows} as last_row,
            'header' as kind, '[]'::json as cells
        from {files}
        union all by name
        select submission_id, {sheet} as sheet_number, 1 as table_number, {last_row} + 1 as first_row,
            {last_row} + 1 as last_row, 'total' as kind, '[]'::json as cells
        from {files} where {has_total};
        """
    )
