"""Delivering alerts: always to the log, and by mail to those named, through Airflow's connection ``smtp_default``.

A mail server that is down, or not set up, never fails the run whose alert it is: that stands in the log, and so does the
alert. Called from tasks and from callbacks of Airflow, with what these know.
"""

import html
import logging
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Any

from ingest.home import WarehouseHome
from operations.watching.alert_texts import (
    Alert,
    alert_of_failed_task,
    alert_of_refused_files,
    alert_of_waiting_approval,
)

if TYPE_CHECKING:
    from ingest.loading.tally import RefusedFile

CONNECTION = "smtp_default"
RECIPIENTS = "WAREHOUSE_ALERT_TO"
SUBJECT_PREFIX = "[Kho số liệu] "
LOG_BYTES = 1_000_000
LOG_FILES = 3

log = logging.getLogger(__name__)


def deliver(alert: Alert, home: WarehouseHome | None = None) -> bool:
    """Write an alert to the log and mail it; gives whether a mail server took it.

    Args:
        alert: what to tell.
        home: whose file ``airflow/alerts.log`` gets it; that of the environment when not given.
    """
    text = plain_text(alert)
    log.warning("%s", text)
    _keep(text, home or WarehouseHome.from_environment())
    try:
        recipients = _recipients()
        if not recipients:
            log.info("Chưa khai báo người nhận thông báo (%s); không gửi thư.", RECIPIENTS)
            return False
        from airflow.providers.smtp.hooks.smtp import SmtpHook

        with SmtpHook(CONNECTION) as mail:
            mail.send_email_smtp(
                to=recipients,
                subject=SUBJECT_PREFIX + alert.subject,
                html_content=as_html(alert),
                # a server that knows no sender takes the first of those who are told
                from_email=mail.from_email or mail.smtp_user or recipients[0],
                mime_subtype="alternative",
            )
    # whatever keeps a mail from being sent (no connection, no server, a refused sender) must not fail the run
    except Exception as error:
        log.error("Không gửi được thư thông báo “%s”: %s", alert.subject, error)
        return False
    return True


def plain_text(alert: Alert) -> str:
    """Give an alert as lines of text."""
    lines = [f"{alert.subject}.", alert.what, alert.what_to_do, *(f"- {line}" for line in alert.lines)]
    return "\n".join([*lines, alert.link] if alert.link else lines)


def as_html(alert: Alert) -> str:
    """Give an alert as the body of a mail."""
    items = "".join(f"<li>{html.escape(line)}</li>" for line in alert.lines)
    link = f'<p><a href="{html.escape(alert.link)}">{html.escape(alert.link)}</a></p>' if alert.link else ""
    return (
        '<html lang="vi"><body>'
        f"<p><strong>{html.escape(alert.what)}</strong></p><p>{html.escape(alert.what_to_do)}</p>"
        f"{f'<ul>{items}</ul>' if items else ''}{link}</body></html>"
    )


def tell_failed_task(context: Any) -> None:
    """Tell of a task that has failed for good; ``context`` is what Airflow gives to a callback."""
    task = context["ti"]
    workflow = context.get("dag")
    deliver(
        alert_of_failed_task(
            getattr(workflow, "dag_display_name", None) or task.dag_id,
            task.dag_id,
            task.task_id,
            datetime.now(UTC),
            _as_link(getattr(task, "log_url", None)),
        )
    )


def tell_refused_files(home: WarehouseHome, refused: Sequence["RefusedFile"]) -> None:
    """Tell of the files that a load has refused, in one alert; does nothing where there are none."""
    if refused:
        deliver(alert_of_refused_files(_masked(home, refused)), home)


def tell_waiting_approval(home: WarehouseHome, as_of: datetime, built_at: datetime) -> None:
    """Tell that an edition waits for approval, and where it is answered."""
    deliver(alert_of_waiting_approval(as_of, built_at, datetime.now(UTC), approvals_page()), home)


def approvals_page() -> str | None:
    """Give the address of the page on which everything that waits for a person is answered; None where nobody set one."""
    from airflow.sdk.configuration import conf

    base = conf.get("api", "base_url", fallback="") or ""
    return _as_link(f"{base.rstrip('/')}/required_actions")


def _as_link(address: str | None) -> str | None:
    """Leave out an address without a host: behind a proxy Airflow knows its own only when somebody has set it."""
    return address if address and address.startswith(("http://", "https://")) else None


def _masked(home: WarehouseHome, refused: Sequence["RefusedFile"]) -> list["RefusedFile"]:
    """Mask names of files, and sentences that quote them, as an edition masks what branches wrote freely."""
    import duckdb

    from publish.editions.privacy.leaving_texts import mask_leaving
    from publish.editions.privacy.personal_texts import MASK

    texts = [text for file in refused for text in (file.relative_path, file.sentence)]
    try:
        masked = mask_leaving(home.warehouse, texts)
    except duckdb.Error as error:
        # what cannot be looked through names nobody
        log.info("Tên tệp được ẩn trong thư: %s", error)
        masked = [MASK] * len(texts)
    pairs = zip(masked[::2], masked[1::2], strict=True)
    return [
        file.model_copy(update={"relative_path": path, "sentence": sentence})
        for file, (path, sentence) in zip(refused, pairs, strict=True)
    ]


def _recipients() -> list[str]:
    named = os.environ.get(RECIPIENTS, "").strip()
    if not named:
        from airflow.sdk import Variable

        named = str(Variable.get(RECIPIENTS.lower(), default="") or "")
    return [address.strip() for address in named.replace(";", ",").split(",") if address.strip()]


def _keep(text: str, home: WarehouseHome) -> None:
    """Append to the log of alerts, which an officer without mail can read."""
    try:
        home.airflow.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            home.airflow / "alerts.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        handler.emit(logging.LogRecord(__name__, logging.WARNING, "", 0, text, None, None))
        handler.close()
    except OSError as error:
        log.warning("Không ghi được thông báo vào tệp nhật ký: %s", error)
