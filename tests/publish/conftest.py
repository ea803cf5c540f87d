"""The small warehouse, as a fixture."""

import json
import shutil
from pathlib import Path

import pytest

from ingest.home import WarehouseHome
from tests.publish.small_warehouse import BUILT_BY_DBT, MANIFEST, add_submission, run_sql


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory) -> WarehouseHome:
    """The warehouse that each test gets a copy of."""
    made = WarehouseHome(tmp_path_factory.mktemp("built") / "home").prepare()
    add_submission(made, "s1")
    run_sql(made, BUILT_BY_DBT)
    run_sql(
        made,
        "insert into raw.member_changes (submission_id, full_name, citizen_id)"
        " values ('s1', 'H''Yi Êban Mlô', '066190001234'), ('s1', 'Nguyễn Thị Hoa', null), ('s1', 'Xã Ea Bông', null),"
        " ('s1', 'Nông thôn mới', null), ('s1', 'Đỗ Thị An', null), ('s1', 'Thùy Dương', null), ('s1', 'Hoà', null),"
        " ('s1', 'Thôn 3', '240123456')",
    )
    manifest = made.dbt / "target" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps(MANIFEST), encoding="utf-8")
    return made


@pytest.fixture
def home(built_home: WarehouseHome, tmp_path: Path) -> WarehouseHome:
    """A warehouse in which dbt has built and nothing has been published."""
    return WarehouseHome(shutil.copytree(built_home.root, tmp_path / "home"))
