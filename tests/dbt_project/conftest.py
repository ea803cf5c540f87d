"""One small district, built by dbt twice: as everything is known today, and as it was known on 21 June 2023 in a project
that follows one programme more. What stands in the raw rows here is what the tests count by hand.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from ingest.database import open_read_only, open_warehouse
from ingest.home import DBT_PROJECT, WarehouseHome
from tests.dbt_project.raw_fixture import Oddities, RawDatabase, instant

EA_BONG, BUON_TRAP, BINH_HOA, POLICE = "U24565", "U24538", "U24574", "U655_CA"
MEMBER = {
    "full_name": "H'Yi Êban",
    "birth": "05/02/1985",
    "ethnic_group": "Êđê",
    "citizen_id": "066185000001",
}


def joined(name: str, day: str) -> dict[str, str]:
    return {
        "full_name": name,
        "birth": "1990",
        "ethnic_group": "kinh",
        "change_type": "Phát triển mới",
        "changed_on": day,
    }


@dataclass(frozen=True)
class BuiltWarehouse:
    """A working database that dbt has built, and what dbt said."""

    home: WarehouseHome
    output: str

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with open_read_only(self.home.warehouse) as connection:
            return connection.execute(query).fetchall()

    def value(self, query: str) -> object:
        (row,) = self.rows(query)
        (value,) = row
        return value


def run_dbt(home: WarehouseHome, project: Path, *arguments: str) -> str:
    finished = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments],
        cwd=project,
        env={
            **os.environ,
            "WAREHOUSE_DB": str(home.warehouse),
            "DBT_PROJECT_DIR": str(project),
            "DBT_PROFILES_DIR": str(project),
            "DBT_TARGET_PATH": str(home.dbt / "target"),
            "DBT_LOG_PATH": str(home.dbt / "logs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def write_raw(home: WarehouseHome) -> None:
    home.prepare()
    with open_warehouse(home) as connection:
        raw = RawDatabase(connection)
        write_reference_submissions(raw)
        write_first_half_of_2022(raw)
        write_first_half_of_2023(raw)
        write_activity_log(raw)
        write_issued_figures(connection)


def write_reference_submissions(raw: RawDatabase) -> None:
    raw.submit(
        {
            "opening_balances": [
                {"unit": "Xã Ea Bông", "as_of": "14/12/2021", "members": "1.800"},
                {"unit": "Thị trấn Buôn Trấp", "as_of": "14/12/2021", "members": "2000"},
            ]
        },
        received_at=instant("2022-01-03 00:00"),
    )
    for target in ("12", "10"):  # the second file of the year replaces the first
        raw.submit(
            {
                "targets": [
                    {
                        "year": "2023",
                        "period": "6 tháng",
                        "indicator": "Hội viên mới phát triển",
                        "target": target,
                    },
                    {
                        "year": "2023",
                        "period": "6 tháng",
                        "unit": "Ea Bông",
                        "indicator": "new_clubs",
                        "target": "2",
                    },
                    {
                        "year": "2023",
                        "period": "6 tháng",
                        "unit": "TT. Buôn Trấp",
                        "indicator": "new_clubs",
                        "target": "3",
                    },
                    {
                        "year": "2023",
                        "period": "năm",
                        "indicator": "Rác thải nhựa, phế liệu thu gom",
                        "target": "3.400",
                    },
                    {"year": "2023", "period": "6 tháng", "indicator": "plastic_kg", "target": "1.000"},
                ]
            },
            received_at=instant("2023-01-03 00:00"),
        )


def write_first_half_of_2022(raw: RawDatabase) -> None:
    raw.submit(
        {
            "member_changes": [
                joined("Trần Thị Bảy", "05/01/2022"),
                {**MEMBER, "change_type": "chuyển đi", "changed_on": "06/01/2022"},
                {**joined("Lê Thị Sáu", "07/01/2022"), "change_type": "từ trần"},
            ],
            "movement_activities": [
                {
                    "held_on": "05/03/2022",
                    "programme": "Chống rác thải nhựa",
                    "activity_type": "thu gom",
                    "quantity": "200",
                    "uom": "kg",
                }
            ],
        },
        unit_key=EA_BONG,
        period_code="2022H1",
        received_at=instant("2022-06-12 03:00"),
    )


def write_first_half_of_2023(raw: RawDatabase) -> None:
    ea_bong = raw.submit(
        {
            "member_changes": [
                {**MEMBER, "change_type": "phat trien moi", "changed_on": "05/01/2023"},
                joined("Nguyễn Thị Hoa", "5-1-23"),
                {**joined("Phạm Thị Lan", "ngày 05 tháng 01 năm 2023"), "citizen_id": "06618500"},
                {**joined("Vũ Thị Cúc", "01.03.2023"), "change_type": "từ trần"},
                {**joined("Đỗ Thị Mai", "31/02/2023"), "religion": "Phật giáoo"},
                {**joined("Bùi Thị Đào", "01/03/2023"), "change_type": "chuyển khẩu"},
            ],
            "clubs": [
                {
                    "club_name": "CLB Phụ nữ sống xanh",
                    "kind": "câu lạc bộ",
                    "programme": "Chống rác thải nhựa",
                    "founded_on": "08/03/2023",
                    "status": "thành lập mới",
                    "members": "20",
                    "members_minority": "3",
                },
                {
                    "club_name": "CLB Dân vũ",
                    "kind": "CLB",
                    "founded_on": "08/03/2019",
                    "status": "duy trì",
                    "members": "30",
                    "members_minority": "27",
                },
            ],
            "trainings": [
                {
                    "title": "Lớp may",
                    "kind": "dạy nghề",
                    "starts_on": "2023-02-01",
                    "trainees": "30",
                    "trainees_minority": "12",
                    "trainees_poor": "30",
                }
            ],
            "support_funds": [
                {
                    "supported_on": "05/01/2023",
                    "kind": kind,
                    "beneficiary_group": "hội viên khó khăn",
                    "beneficiaries": "10",
                    "amount_vnd": amount,
                }
                for kind, amount in (("quà", "98,5 triệu"), ("vốn quay vòng", "1 tỷ 2"))
            ],
            "movement_activities": [
                {
                    "held_on": "05/01/2023",
                    "programme": "Xây dựng nông thôn mới",
                    "activity_type": "công trình - phần việc",
                    "quantity": "1",
                    "uom": "công trình",
                },
                {
                    "held_on": "05/02/2023",
                    "programme": "Chống rác thải nhựa",
                    "activity_type": "thu gom",
                    "participants": "30 người",
                    "quantity": "1,5",
                    "uom": "tấn",
                },
                {
                    "held_on": "01/03/2023",
                    "programme": "Đường phố an toàn",
                    "activity_type": "tuyên truyền",
                    "participants": "25",
                },
                *(
                    {
                        "held_on": f"0{day}/04/2023",
                        "programme": "Chống rác thải nhựa",
                        "activity_type": "trồng cây",
                        "participants": participants,
                        "quantity": trees,
                        "uom": "cây",
                        "cost_vnd": "100.000",
                    }
                    for day, participants, trees in (
                        *((day, "10", "5") for day in (1, 2, 3, 4)),
                        *((5, "5", trees) for trees in ("2", "3")),
                    )
                ),
            ],
            "awards": [
                {
                    "awarded_on": "05/06/2023",
                    "recipient_kind": "cá nhân",
                    "recipient": "Hoàng Thị Tư",
                    "award": "giấy khen",
                    "programme": "Chống rác thải nhựa",
                }
            ],
            "protection_cases": [],
        },
        unit_key=EA_BONG,
        period_code="2023H1",
        received_at=instant("2023-06-12 03:00"),
        oddities=Oddities(extra_columns='[{"column": "K", "header": "Lịch sinh hoạt"}]'),
    )
    raw.total(ea_bong, 2, ("clubs", "members", "51"), rows=(5, 6))
    raw.submit(
        {
            "member_changes": [joined("Ngô Thị Hai", "02/02/2023"), joined("Ngô Thị Ba", "02/02/2023")],
            "clubs": [
                {
                    "club_name": "Tổ tiết kiệm",
                    "kind": "tổ",
                    "founded_on": "08/03/2023",
                    "status": "thành lập mới",
                    "members": "15",
                }
            ],
            "awards": [{}, {}],
        },
        unit_key=BUON_TRAP,
        period_code="2023H1",
        received_at=instant("2023-06-13 03:00"),
        oddities=Oddities(refused={"awards": "Thiếu cột bắt buộc “Ngày”."}),
    )
    raw.refuse(unit_key=BINH_HOA, period_code="2023H1", received_at=instant("2023-06-13 04:00"))
    raw.submit(
        {"member_changes": [joined("Đinh Thị Năm", "02/02/2023")]},
        unit_key=POLICE,
        period_code="2023H1",
        received_at=instant("2023-06-20 03:00"),
    )
    raw.submit(
        {
            "member_changes": [
                *(joined(f"Ngô Thị {name}", "02/02/2023") for name in ("Hai", "Ba", "Tám", "Chín")),
                joined("Ngô Thị Mười", "14/12/2022"),
            ]
        },
        unit_key=BUON_TRAP,
        period_code="2023H1",
        received_at=instant("2023-07-05 03:00"),
    )


def write_activity_log(raw: RawDatabase) -> None:
    cleanup = {
        "event_id": "e2",
        "occurred_at": "2023-02-06T20:00:00Z",
        "unit_code": "24538",
        "programme": "plastic_waste",
        "activity_type": "cleanup",
        "participants": "35",
    }
    trees = {
        "programme": "plastic_waste",
        "activity_type": "tree_planting",
        "uom": "tree",
        "unit_code": "24556",
        "occurred_at": "2023-04-01T08:00:00",
    }
    raw.submit(
        {
            "activity_log": [
                {
                    "event_id": "e1",
                    "occurred_at": "2023-02-05T08:00:00",
                    "unit_code": "24565",
                    "programme": "plastic_waste",
                    "activity_type": "collection",
                    "quantity": "1400",
                    "uom": "kg",
                },
                cleanup,
                {**cleanup, "event_id": "e3", "unit_code": "99999", "activity_type": "ra quânn"},
                {**cleanup, "event_id": "e4", "unit_code": "24556", "participants": "12"},
                {**cleanup, "event_id": "e5", "unit_code": "Huyện Krông Ana", "participants": "500"},
                *(
                    {
                        **trees,
                        "event_id": f"tree{day}",
                        "occurred_at": f"2023-04-0{day}T08:00:00",
                        "unit_code": "24565",
                        "participants": participants,
                        "quantity": quantity,
                        "amount_vnd": "100000" if day < 4 else "200000",
                    }
                    for day, participants, quantity in (
                        (1, "10", "5"),
                        (2, "12", "5"),
                        (3, "10", "6"),
                        (4, "10", "5"),
                        (5, "10", "5"),
                    )
                ),
                {**trees, "event_id": "e6", "quantity": "1"},
                {**trees, "event_id": "e6", "quantity": "20"},
            ]
        },
        received_at=instant("2023-06-14 00:00"),
    )
    # two exports of one instant, of which the second was read later
    for participants, quantity in (("39", "3"), ("40", "400")):
        raw.submit(
            {
                "activity_log": [
                    {**cleanup, "participants": participants},
                    {**trees, "event_id": "e7", "quantity": quantity},
                ]
            },
            received_at=instant("2023-06-15 00:00"),
        )


def write_issued_figures(connection: duckdb.DuckDBPyConnection) -> None:
    connection.executemany(
        "insert into raw.issued_figures (edition_id, issued_at, unit_key, period_code, indicator_code, value)"
        " values ('2023-06-21', '2023-06-21 03:00:00+00', ?, '2023H1', 'new_members', ?)",
        [(EA_BONG, 3), (BUON_TRAP, 2), ("U655", 6)],
    )


@pytest.fixture(scope="session")
def raw_home(tmp_path_factory: pytest.TempPathFactory) -> WarehouseHome:
    home = WarehouseHome(tmp_path_factory.mktemp("raw"))
    write_raw(home)
    return home


def copy_of(raw_home: WarehouseHome, folder: Path) -> WarehouseHome:
    home = WarehouseHome(folder).prepare()
    shutil.copyfile(raw_home.warehouse, home.warehouse)
    return home


def build_today(raw_home: WarehouseHome, folder: Path) -> BuiltWarehouse:
    home = copy_of(raw_home, folder)
    return BuiltWarehouse(home, run_dbt(home, DBT_PROJECT, "build"))


def build_early_with_one_programme_more(raw_home: WarehouseHome, folder: Path) -> BuiltWarehouse:
    project = folder / "dbt_project"
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    with (project / "seeds" / "programmes.csv").open("a", encoding="utf-8") as programmes:
        programmes.write("safe_streets,Đường phố an toàn,ĐPAT\n")
    with (project / "seeds" / "programme_windows.csv").open("a", encoding="utf-8") as windows:
        windows.write("safe_streets,2022H2,2023H1\n")
    home = copy_of(raw_home, folder / "home")
    only_tables = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    return BuiltWarehouse(
        home, run_dbt(home, project, "build", *only_tables, "--vars", "{as_of: '2023-06-21'}")
    )


@pytest.fixture(scope="session")
def both(
    raw_home: WarehouseHome, tmp_path_factory: pytest.TempPathFactory
) -> tuple[BuiltWarehouse, BuiltWarehouse]:
    """Each build costs seconds of one core, so the two run side by side."""
    with ThreadPoolExecutor(2) as threads:
        now = threads.submit(build_today, raw_home, tmp_path_factory.mktemp("today"))
        early = threads.submit(
            build_early_with_one_programme_more, raw_home, tmp_path_factory.mktemp("early")
        )
        return now.result(), early.result()


@pytest.fixture(scope="session")
def today(both: tuple[BuiltWarehouse, BuiltWarehouse]) -> BuiltWarehouse:
    """Everything received, by the project as it is, with all of its tests."""
    return both[0]


@pytest.fixture(scope="session")
def early_with_one_programme_more(both: tuple[BuiltWarehouse, BuiltWarehouse]) -> BuiltWarehouse:
    """What was known on 21 June 2023, by a project whose seeds name one programme more."""
    return both[1]
