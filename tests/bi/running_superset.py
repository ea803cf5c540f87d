"""A Superset that runs, on a home with made-up copies of an edition, for the tests of ``make test-bi``."""

import json
import os
import shutil
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import WarehouseHome
from operations.installation.airflow_home import secrets_folder
from operations.services.dashboards import SESSION_FILE
from operations.services.session import ServiceSession

EDITION_CHART = "Bản số liệu đang hiển thị"


@dataclass(slots=True)
class Visitor:
    """Somebody who has logged in, as a browser is: cookies, a token against forged requests, a page as referrer."""

    address: str
    token: str = ""
    page: str = ""
    opener: urllib.request.OpenerDirector = field(init=False)

    def __post_init__(self) -> None:
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )

    def ask(self, path: str, body: Any = None, method: str | None = None) -> tuple[int, bytes, str]:
        """Give status, body and final address."""
        headers = {"Accept": "application/json"}
        if self.token:
            headers["X-CSRFToken"] = self.token
        if self.page:
            headers["Referer"] = self.page
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(f"{self.address}{path}", data, headers, method=method)  # noqa: S310
        try:
            with self.opener.open(request, timeout=120) as answer:
                return answer.status, answer.read(), answer.url
        except urllib.error.HTTPError as error:
            return error.code, error.read(), error.url or ""

    def log_in(self, user: str, password: str) -> "Visitor":
        """Log in through the form, as people do."""
        _, page, _ = self.ask("/login/")
        form = {"username": user, "password": password, "csrf_token": _token_of(page.decode())}
        request = urllib.request.Request(  # noqa: S310
            f"{self.address}/login/",
            urllib.parse.urlencode(form).encode(),
            {"Referer": f"{self.address}/login/"},
        )
        with self.opener.open(request, timeout=60) as answer:
            assert "/login" not in answer.url, "not logged in"
        status, told, _ = self.ask("/api/v1/security/csrf_token/")
        assert status == 200, told
        self.token = json.loads(told)["result"]
        return self

    def open_dashboard(self, slug: str) -> str:
        """Load the page of a dashboard; gives the edition that it shows."""
        status, _, address = self.ask(f"/superset/dashboard/{slug}/")
        assert status == 200, address
        self.page = address
        return urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["ban"][0]

    def charts_of(self, slug: str) -> list[dict[str, Any]]:
        """Give the charts of a dashboard."""
        status, told, _ = self.ask(f"/api/v1/dashboard/{slug}/charts")
        assert status == 200, told
        result: list[dict[str, Any]] = json.loads(told)["result"]
        return result

    def rows_of(self, query: dict[str, Any], extra: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Ask the query of a chart, as its page does; gives its rows."""
        asked = {**query, "queries": [{**query["queries"][0], **(extra or {})}]}
        status, told, _ = self.ask("/api/v1/chart/data", asked)
        assert status == 200, told
        rows: list[dict[str, Any]] = json.loads(told)["result"][0]["data"]
        return rows


def _token_of(page: str) -> str:
    import re

    found = re.search(r'csrf_token[^>]*?value="([^"]+)"', page) or re.search(
        r'"csrf_token":\s*"([^"]+)"', page.replace("&#34;", '"').replace("&quot;", '"')
    )
    assert found is not None, "no token in the page"
    return found[1]


@dataclass(frozen=True, slots=True)
class Served:
    """A home whose dashboards are served."""

    home: WarehouseHome
    address: str

    def processor_seconds(self) -> float:
        """Give what Superset's processes have taken of the processor so far."""
        session = ServiceSession.read(self.home.bi / SESSION_FILE)
        assert session is not None
        return sum(sum(process.cpu_times()[:2]) for process in session.members())

    def visitor(self, user: str) -> Visitor:
        password = (secrets_folder(self.home) / f"password_{user}").read_text(encoding="utf-8").strip()
        return Visitor(self.address).log_in(user, password)


def copy_edition(home: WarehouseHome, source: Path, number: int) -> str:
    """Write an edition like another, whose figures are all larger by a number; gives its name."""
    name = f"edition_20300101t0000{number:02}_{number:08x}"
    target = home.editions / f"{name}.duckdb"
    shutil.copyfile(source, target)
    target.chmod(0o600)
    with duckdb.connect(str(target)) as connection:
        connection.execute(
            "update meta.edition set edition_id = ?, input_submissions = input_submissions + ?",
            [name, number],
        )
        for table in ("halfyear_review", "programme_review"):
            connection.execute(f"update reviews.{table} set value = value + {number}")
        connection.execute("checkpoint")
    target.chmod(0o444)
    manifest = json.loads((source.with_suffix("") / "manifest.json").read_text(encoding="utf-8"))
    target.with_suffix("").mkdir()
    (target.with_suffix("") / "manifest.json").write_text(
        json.dumps({**manifest, "edition_id": name, "tables": []}), encoding="utf-8"
    )
    return name


def make_current(home: WarehouseHome, name: str) -> None:
    """Switch ``current.duckdb`` as an approval does: a second name for the file, then one rename."""
    switch = home.root / ".switch"
    switch.unlink(missing_ok=True)
    os.link(home.editions / f"{name}.duckdb", switch)
    switch.replace(home.current)
