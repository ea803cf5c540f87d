"""Starting the dashboards where that cannot be: a sentence says why; no Superset is needed for these."""

import os
import socket
from pathlib import Path

import pytest

from ingest.home import WarehouseHome
from operations.__main__ import main
from operations.installation.airflow_home import LOOPBACK, secrets_folder
from operations.services import dashboards
from operations.services.dashboards import start_dashboards, stop_dashboards, superset_environment
from operations.services.embedded import ServicesError


def with_edition(monkeypatch: pytest.MonkeyPatch, folder: Path) -> WarehouseHome:
    monkeypatch.setattr(dashboards, "require_edition", lambda home: None)
    python = folder / ".venv-bi" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.setattr(dashboards, "ENVIRONMENT", folder / ".venv-bi")
    return WarehouseHome(folder / "home").prepare()


def test_without_an_edition_a_sentence_says_what_to_do_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / "home"))
    WarehouseHome(tmp_path / "home").prepare()
    assert main(["bi-up"]) == 1
    assert capsys.readouterr().err == "Chưa có bản số liệu nào. Đề nghị chạy “make refresh” trước.\n"


def test_without_superset_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = with_edition(monkeypatch, tmp_path)
    monkeypatch.setattr(dashboards, "ENVIRONMENT", tmp_path / "nowhere")
    with pytest.raises(ServicesError, match="make bi-up"):
        start_dashboards(home, 8088)


def test_a_port_that_is_taken_is_named_with_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = with_edition(monkeypatch, tmp_path)
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServicesError, match=f"Cổng {port} đang có .* make bi-up BI_PORT={port + 10}"):
            start_dashboards(home, port)


def test_what_does_not_run_need_not_be_ended(tmp_path: Path) -> None:
    assert stop_dashboards(WarehouseHome(tmp_path / "home").prepare()) is False


def test_superset_is_handed_editions_and_secrets_of_this_warehouse_and_nothing_of_the_projects_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__FERNET_KEY", "secret")
    home = WarehouseHome(tmp_path / "home").prepare()
    handed = superset_environment(home)
    assert handed["WAREHOUSE_EDITIONS"] == str(home.editions)
    assert not [name for name in handed if name.startswith("AIRFLOW")]
    assert handed == superset_environment(home)
    kept = {path.name: path.stat().st_mode & 0o777 for path in secrets_folder(home).iterdir()}
    assert {"bi_secret_key", "password_xem", "password_phantich", "password_quantri"} <= set(kept)
    assert set(kept.values()) == {0o600}
    assert os.environ["AIRFLOW__CORE__FERNET_KEY"] == "secret"
