"""The settings of the containers: all that compose asks for is made, and said once."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ingest.home import PROJECT_ROOT
from operations.installation.container_settings import (
    IMAGE_USER,
    TEMPLATE,
    address_of,
    fill_template,
    make_values,
    prepare_folder,
    read_settings,
)
from operations.installation.people import FIRST_ACCOUNTS

COMPOSE = (PROJECT_ROOT / "docker-compose.yml").read_text(encoding="utf-8")
DOCKERFILE = (PROJECT_ROOT / "Dockerfile").read_text(encoding="utf-8")
MAKEFILE = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
# how people write settings, and what they mean
WRITTEN = {
    "PLAIN=a b   # where": "a b",
    "BLANK=": "",
    'DOUBLE="a b"': "a b",
    "SINGLE='a b'": "a b",
    'COMMENTED="3" # of them': "3",
    "HASH=g#h": "g#h",
    'HASH_INSIDE="a #b"': "a #b",
    'ESCAPED="x\\"y\\\\z"': 'x"y\\z',
    "export EXPORTED=1": "1",
    " SPACED = 2 ": "2",
    "FROM_WINDOWS=win\r": "win",
    "BELOW=${DOUBLE}/inbox": "a b/inbox",
}


def names_in(template: str) -> set[str]:
    return set(re.findall(r"^([A-Z][A-Z0-9_]*)=", template, re.MULTILINE))


def test_only_blank_settings_are_filled_in() -> None:
    assert fill_template("# A=\nA=\nB=1\nC=\n", {"A": "x", "B": "y"}) == "# A=\nA=x\nB=1\nC=\n"


def test_everything_that_compose_cannot_do_without_is_made() -> None:
    required = set(re.findall(r"\$\{([A-Z0-9_]+):\?", COMPOSE))

    assert len(required) == 8
    assert required <= set(make_values(1000, 1000))
    assert set(make_values(1000, 1000)) <= names_in(TEMPLATE.read_text(encoding="utf-8"))


def test_every_setting_of_the_example_is_read_by_compose() -> None:
    read = set(re.findall(r"\$\{([A-Z0-9_]+)", COMPOSE))

    assert names_in(TEMPLATE.read_text(encoding="utf-8")) <= read


def test_every_first_account_gets_a_password_of_its_own() -> None:
    made = make_values(1000, 1000)
    passwords = [made[account.password_variable] for account in FIRST_ACCOUNTS]

    assert len(set(passwords)) == len(FIRST_ACCOUNTS)
    assert all(len(password) == 16 for password in passwords)
    assert make_values(1000, 1000)["AIRFLOW_JWT_SECRET"] != made["AIRFLOW_JWT_SECRET"]
    assert len(made["AIRFLOW_JWT_SECRET"]) >= 64


def test_containers_run_as_whoever_makes_the_settings_and_never_as_root() -> None:
    assert make_values(1000, 1001)["WAREHOUSE_UID"] == "1000"
    assert make_values(1000, 1001)["WAREHOUSE_GID"] == "1001"
    assert make_values(0, 0)["WAREHOUSE_UID"] == str(IMAGE_USER)
    assert f"USER {IMAGE_USER}:{IMAGE_USER}" in DOCKERFILE


def test_duckdb_leaves_room_in_the_container_for_airflow() -> None:
    whole = re.search(r"mem_limit: \$\{SCHEDULER_MEMORY:-(\d+)g\}", COMPOSE)
    of_duckdb = re.search(r"WAREHOUSE_MEMORY: \$\{DUCKDB_MEMORY:-(\d+)GB\}", COMPOSE)

    assert whole and of_duckdb
    assert int(whole[1]) - int(of_duckdb[1]) >= 2


def test_the_image_installs_with_the_same_uv_as_a_desk() -> None:
    on_a_desk = re.search(r"^UV_VERSION := (.+)$", MAKEFILE, re.MULTILINE)
    in_the_image = re.search(r"^ARG UV_VERSION=(.+)$", DOCKERFILE, re.MULTILINE)

    assert on_a_desk and in_the_image
    assert on_a_desk[1] == in_the_image[1]


def test_the_pages_are_published_on_loopback_unless_somebody_says_otherwise() -> None:
    published = re.findall(r'- "(\$\{BIND_ADDRESS:-127\.0\.0\.1\}:.+)"', COMPOSE)

    assert published == [
        "${BIND_ADDRESS:-127.0.0.1}:${PORT:-8080}:8080",
        "${BIND_ADDRESS:-127.0.0.1}:${BI_PORT:-8088}:8088",
    ]
    assert COMPOSE.count("ports:") == len(published)


def test_a_setting_means_to_us_what_it_means_to_compose(tmp_path: Path) -> None:
    wanted = {re.findall(r"[A-Z_]+(?= *=)", line)[0]: value for line, value in WRITTEN.items()}
    assert len(wanted) == len(WRITTEN)
    file = tmp_path / ".env"
    file.write_bytes("\n".join(["# A=comment", *WRITTEN]).encode())

    settings = read_settings(file)

    assert {name: settings[name] for name in wanted} == wanted
    assert "A" not in settings
    if shutil.which("docker-compose") is None:
        return
    (tmp_path / "docker-compose.yml").write_text(
        "version: '3'\nservices:\n  a:\n    image: a\n    environment:\n"
        + "".join(f'      {name}: "[${{{name}}}]"\n' for name in wanted),
        encoding="utf-8",
    )
    told = subprocess.run(
        ["docker-compose", "config"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert dict(re.findall(r"^ +([A-Z_]+): '\[(.*)\]'$", told.stdout, re.MULTILINE)) == wanted


def test_the_folder_in_quotes_is_the_folder_without_them(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        f'WAREHOUSE_DATA="{tmp_path / "kho số liệu"}"\nWAREHOUSE_UID="50000"\nWAREHOUSE_GID=50000\n'
    )

    assert prepare_folder(read_settings(file)) == tmp_path / "kho số liệu"
    assert (tmp_path / "kho số liệu" / "inbox").is_dir()


def test_a_new_folder_is_its_owners_alone_and_an_old_one_stays_as_it_is(tmp_path: Path) -> None:
    home = tmp_path / "home"
    settings = {"WAREHOUSE_DATA": str(home), "WAREHOUSE_UID": "50000", "WAREHOUSE_GID": "50000"}

    prepare_folder(settings)

    modes = {path.relative_to(home).as_posix(): path.stat().st_mode & 0o777 for path in home.rglob("*")}
    assert home.stat().st_mode & 0o777 == 0o700
    # the containers' group, in which a reader of editions is, reads these alone
    assert modes.pop("editions") == 0o750
    assert set(modes) == {
        "inbox",
        "archive",
        "archive/journal",
        "outbox",
        "airflow",
        "airflow/logs",
        "bi",
        "spark",
    }
    assert set(modes.values()) == {0o700}
    (home / "inbox").chmod(0o777)
    prepare_folder(settings)
    assert (home / "inbox").stat().st_mode & 0o777 == 0o777


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("", "http://127.0.0.1:8080"),
        ("BIND_ADDRESS=\nPORT=\n", "http://127.0.0.1:8080"),
        ('BIND_ADDRESS="0.0.0.0"\nPORT="8081"\n', "http://127.0.0.1:8081"),
        ("BIND_ADDRESS=192.168.1.20\nPORT=80\n", "http://192.168.1.20:80"),
        ("BIND_ADDRESS=[::]\n", "http://[::1]:8080"),
        ("BIND_ADDRESS=[fd00::5]\n", "http://[fd00::5]:8080"),
    ],
)
def test_the_pages_are_asked_for_where_they_are_published(tmp_path: Path, written: str, address: str) -> None:
    (tmp_path / ".env").write_text(written)

    assert address_of(read_settings(tmp_path / ".env")) == address


def test_make_asks_for_the_pages_at_that_address() -> None:
    asked = re.findall(r"-m operations\.services\.health all (\S+)", MAKEFILE)

    assert asked == ['"$(COMPOSE_ADDRESS)"'] * 2
    assert re.search(
        r"^COMPOSE_ADDRESS = .*-m operations\.installation\.container_settings address",
        MAKEFILE,
        re.MULTILINE,
    )
