"""The settings of the containers: all that compose asks for is made, and said once."""

import re

from ingest.home import PROJECT_ROOT
from operations.container_settings import IMAGE_USER, TEMPLATE, fill_template, make_values
from operations.people import FIRST_ACCOUNTS

COMPOSE = (PROJECT_ROOT / "docker-compose.yml").read_text(encoding="utf-8")
DOCKERFILE = (PROJECT_ROOT / "Dockerfile").read_text(encoding="utf-8")
MAKEFILE = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")


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


def test_the_image_installs_with_the_same_uv_as_a_desk() -> None:
    on_a_desk = re.search(r"^UV_VERSION := (.+)$", MAKEFILE, re.MULTILINE)
    in_the_image = re.search(r"^ARG UV_VERSION=(.+)$", DOCKERFILE, re.MULTILINE)

    assert on_a_desk and in_the_image
    assert on_a_desk[1] == in_the_image[1]


def test_the_pages_are_published_on_loopback_unless_somebody_says_otherwise() -> None:
    published = re.findall(r'- "(\$\{BIND_ADDRESS:-127\.0\.0\.1\}:.+)"', COMPOSE)

    assert published == ["${BIND_ADDRESS:-127.0.0.1}:${PORT:-8080}:8080"]
    assert COMPOSE.count("ports:") == 1
