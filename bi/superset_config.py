"""Superset's settings for this warehouse: read-only, Vietnamese, offline.

Superset imports this by its name. Paths and secrets come from the environment (``operations.services.dashboards`` and
``docker-compose.yml`` set it); nothing here is a secret.
"""

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from declared_metrics import SecurityManager
from query_limits import OF_THE_MACHINE, SECONDS, hold_queries, messages
from shown_edition import PARAMETER, NoEditionError, current_edition, edition_of_query, file_of

_FOLDER = Path(os.environ["BI_HOME"])
_HERE = Path(__file__).resolve().parent

SECRET_KEY = os.environ["BI_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = os.environ.get("BI_DATABASE") or f"sqlite:///{_FOLDER / 'superset.db'}?timeout=60"
APP_NAME = "Kho số liệu Hội LHPN"
LOGO_TARGET_PATH = _START = "/dashboard/list/"
BUG_REPORT_URL = DOCUMENTATION_URL = None
CONTENT_SECURITY_POLICY_WARNING = False

# Vietnamese alone: nobody who looks on reads anything else.
BABEL_DEFAULT_LOCALE = "vi"
LANGUAGES = {"vi": {"flag": "vn", "name": "Tiếng Việt"}}
D3_FORMAT = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " đồng"]}
D3_TIME_FORMAT = {
    "dateTime": "%H:%M ngày %d/%m/%Y",
    "date": "%d/%m/%Y",
    "time": "%H:%M:%S",
    "periods": ["sáng", "chiều"],
    "days": ["Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"],
    "shortDays": ["CN", "T2", "T3", "T4", "T5", "T6", "T7"],
    "months": [f"Tháng {month}" for month in range(1, 13)],
    "shortMonths": [f"Th{month}" for month in range(1, 13)],
}
# as Excel and LibreOffice take it where a comma parts decimals
CSV_EXPORT = {"encoding": "utf-8-sig", "sep": ";", "decimal": ","}

# An answer is of the edition that the page shows, so none is kept for the next page; an edition answers within a second.
DATA_CACHE_CONFIG = CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
# What people have chosen in filters lies in Superset's own database, as it does by itself.
RATELIMIT_STORAGE_URI = "memory://"

ROW_LIMIT = SAMPLES_ROW_LIMIT = 1_000
SQL_MAX_ROW = DISPLAY_MAX_ROW = 10_000
NATIVE_FILTER_DEFAULT_ROW_LIMIT = 1_000
SUPERSET_WEBSERVER_TIMEOUT = 2 * SECONDS
SQLLAB_TIMEOUT = SECONDS
CUSTOM_DATABASE_ERRORS = {"Kho số liệu": messages()}
CUSTOM_SECURITY_MANAGER = SecurityManager

FEATURE_FLAGS = {
    "DASHBOARD_RBAC": False,
    "THUMBNAILS": False,
    "ALERT_REPORTS": False,
    "ENABLE_TEMPLATE_PROCESSING": False,
    "ALLOW_ADHOC_SUBQUERY": False,
    "EMBEDDED_SUPERSET": False,
    "DRILL_TO_DETAIL": False,
    "DRILL_BY": False,
    "MENU_HIDE_USER_INFO": True,
}
ENABLE_SUPERSET_META_DB = False
PREVENT_UNSAFE_DB_CONNECTIONS = True
AUTH_USER_REGISTRATION = False
PUBLIC_ROLE_LIKE = None
GUEST_ROLE_NAME = None

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = os.environ.get("COOKIE_SECURE", "").lower() == "true"
PERMANENT_SESSION_LIFETIME = timedelta(hours=12)
ENABLE_PROXY_FIX = True

# Everything comes from here; the pages ask no other machine for a script, a font, a map or a picture.
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'", "'strict-dynamic'"],
        "frame-ancestors": ["'self'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    # the page that asks is told to this machine alone, with the edition that it shows (shown_edition.py)
    "referrer_policy": "same-origin",
    "force_https": False,
    "session_cookie_secure": SESSION_COOKIE_SECURE,
}

# As in the bundle; here too, so that no connection that somebody adds to a DuckDB file reads anything but an edition.
_LOCKED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
    **OF_THE_MACHINE,
}


_COLOURS = re.compile(r"/api/v1/dashboard/(\d+)/colors")


def DB_CONNECTION_MUTATOR(  # noqa: N802  # Superset's name
    uri: Any, params: dict[str, Any], *_: Any
) -> tuple[Any, dict[str, Any]]:
    """Let a connection to DuckDB be one to the edition that the page shows, read-only and locked.

    Raises:
        NoEditionError: it is not there any more.
    """
    if not uri.drivername.startswith("duckdb"):
        return uri, params
    edition = file_of(edition_of_query())
    locked = uri.set(database=str(edition), query={"access_mode": "read_only"})
    return locked, {**params, "connect_args": {"config": dict(_LOCKED)}}


def FLASK_APP_MUTATOR(app: Any) -> None:  # noqa: N802  # Superset's name
    """Load every page of a dashboard with the current edition in its address, and begin with the list of dashboards."""
    from flask import Response, jsonify, redirect, request
    from jinja2 import ChoiceLoader, FileSystemLoader

    hold_queries()
    app.jinja_loader = ChoiceLoader([FileSystemLoader(_HERE / "templates"), app.jinja_loader])

    @app.before_request
    def leave_colours_alone() -> Any:
        """Take no colours from who does not own the dashboard: pages hand over what they have drawn, and are refused for all to see."""
        found = _COLOURS.fullmatch(request.path)
        if request.method != "PUT" or found is None:
            return None
        from superset import db, security_manager
        from superset.models.dashboard import Dashboard

        dashboard = db.session.get(Dashboard, int(found[1]))
        return None if dashboard and security_manager.is_owner(dashboard) else jsonify(result={})

    @app.before_request
    def begin_with_dashboards() -> Any:
        return redirect(_START) if request.path == "/superset/welcome/" else None

    @app.before_request
    def name_the_edition() -> Any:
        if request.method != "GET" or not request.path.startswith("/superset/dashboard/"):
            return None
        try:
            current = current_edition()
        except NoEditionError as error:
            return Response(str(error), status=503, content_type="text/plain; charset=utf-8")
        if request.args.get(PARAMETER) == current:
            return None
        asked = [(name, value) for name, value in request.args.items(multi=True) if name != PARAMETER]
        return redirect(f"{request.path}?{urlencode([*asked, (PARAMETER, current)])}")
