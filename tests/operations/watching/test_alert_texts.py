"""Alerts reach people: real mails over loopback, in Vietnamese, with what to do and without what is nobody's business."""

import email
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import default
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from build.reference import Period
from ingest.database import open_warehouse
from ingest.home import WarehouseHome
from ingest.loading.load import RefusedFile
from operations.watching import alert_delivery
from operations.watching.alert_texts import (
    MOST_LINES,
    Alert,
    alert_of_cut_off,
    alert_of_due_refresh,
    alert_of_failed_task,
    alert_of_refused_files,
    alert_of_waiting_approval,
    is_reminder_day,
)
from publish.answers.completeness import (
    ExpectedForm,
    standing_of,
)

PERIOD = Period("2023H1", "6 tháng đầu năm 2023", "half_year", date(2022, 12, 15), date(2023, 6, 14))
EXPECTED = tuple(
    ExpectedForm(unit, name, form, label, 0)
    for unit, name in (("U1", "Xã Ea Bông"), ("U2", "Xã Băng Adrênh"))
    for form, label in (("clubs", "Biểu 02: Mô hình, câu lạc bộ"), ("awards", "Biểu 06: Khen thưởng"))
)
ALL = frozenset((form.unit_key, form.form_name) for form in EXPECTED)


@dataclass
class Mailbox:
    """What an SMTP server on loopback has taken."""

    port: int = 0
    envelopes: list[Any] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 OK"

    def only(self) -> EmailMessage:
        (envelope,) = self.envelopes
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        return message


def body_of(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        box.port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    point_at(monkeypatch, box.port)
    monkeypatch.setenv(alert_delivery.RECIPIENTS, "canbo@example.org; duyet@example.org")
    yield box
    server.stop()


@pytest.fixture
def home(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> WarehouseHome:
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path / "airflow"))
    return WarehouseHome(tmp_path / "home").prepare()


def point_at(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv(
        "AIRFLOW_CONN_SMTP_DEFAULT",
        f"smtp://127.0.0.1:{port}/?disable_ssl=true&disable_tls=true&from_email=kho@example.org&retry_limit=0",
    )


def test_an_alert_is_mailed_in_vietnamese_to_everybody_named(mailbox: Mailbox, home: WarehouseHome) -> None:
    alert = Alert("Sắp hết hạn", "Hạn gửi là ngày mai.", "Đề nghị nhắc.", ("Xã Ea Bông: <chưa gửi>",))

    assert alert_delivery.deliver(alert, home)

    message = mailbox.only()
    assert message["Subject"] == "[Kho số liệu] Sắp hết hạn"
    assert mailbox.envelopes[0].rcpt_tos == ["canbo@example.org", "duyet@example.org"]
    assert message["From"] == "kho@example.org"
    body = body_of(message)
    assert "<strong>Hạn gửi là ngày mai.</strong>" in body
    assert "<li>Xã Ea Bông: &lt;chưa gửi&gt;</li>" in body
    assert "Đề nghị nhắc." in (home.airflow / "alerts.log").read_text(encoding="utf-8")


def test_a_mail_server_that_is_down_fails_nothing_and_stands_in_the_log(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        point_at(monkeypatch, closed.getsockname()[1])
        monkeypatch.setenv(alert_delivery.RECIPIENTS, "canbo@example.org")

        assert not alert_delivery.deliver(Alert("Thử", "Có việc.", "Đề nghị xem."), home)

    assert "Không gửi được thư thông báo “Thử”" in caplog.text
    assert "Có việc." in (home.airflow / "alerts.log").read_text(encoding="utf-8")


def test_without_recipients_alerts_stand_in_the_log_alone(
    mailbox: Mailbox, home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(alert_delivery.RECIPIENTS)
    monkeypatch.setenv(f"AIRFLOW_VAR_{alert_delivery.RECIPIENTS}", "")

    assert not alert_delivery.deliver(Alert("Thử", "Có việc.", "Đề nghị xem."), home)

    assert mailbox.envelopes == []
    assert "Có việc." in (home.airflow / "alerts.log").read_text(encoding="utf-8")


def test_refused_files_of_one_load_are_one_mail_without_anybodys_name_or_number(
    mailbox: Mailbox, home: WarehouseHome
) -> None:
    with open_warehouse(home) as connection:
        connection.execute("insert into raw.member_changes (full_name) values ('H’ Bích Niê Kdăm')")
    refused = [
        RefusedFile(
            relative_path="Ea Bong/bieu 01.xlsx", verdict="rejected", sentence="Tệp không có dữ liệu."
        ),
        RefusedFile(
            relative_path="Ea Bong/chị H Bích Niê Kdăm.xlsx", verdict="partial", sentence="Thiếu cột."
        ),
        RefusedFile(relative_path="066190001234.xlsx", verdict="rejected", sentence="Không đọc được."),
    ]

    alert_delivery.tell_refused_files(home, refused)

    message = mailbox.only()
    assert message["Subject"] == "[Kho số liệu] 3 tệp báo cáo chưa tiếp nhận, hoặc mới tiếp nhận một phần"
    body = body_of(message)
    assert "<li>Ea Bong/bieu 01.xlsx (chưa tiếp nhận): Tệp không có dữ liệu.</li>" in body
    assert "(tiếp nhận một phần): Thiếu cột." in body
    assert "Kdăm" not in body
    assert "066190001234" not in body


def test_a_load_without_refused_files_tells_nothing(mailbox: Mailbox, home: WarehouseHome) -> None:
    alert_delivery.tell_refused_files(home, [])

    assert mailbox.envelopes == []


def test_a_failed_task_is_one_sentence_and_the_page_to_look_at(mailbox: Mailbox, home: WarehouseHome) -> None:
    try:
        raise RuntimeError(f"secret of the machine in {home.root}")
    except RuntimeError as error:
        context = {
            "exception": error,
            "dag": SimpleNamespace(dag_display_name="Tiếp nhận báo cáo"),
            "ti": SimpleNamespace(
                dag_id="ingest_submissions", task_id="load", log_url="http://localhost:8080/dags/x"
            ),
        }
    alert_delivery.tell_failed_task(context)

    body = body_of(mailbox.only())
    assert "Việc “load” của quy trình Tiếp nhận báo cáo (ingest_submissions) không hoàn thành" in body
    assert 'href="http://localhost:8080/dags/x"' in body
    assert "Traceback" not in body
    assert str(home.root) not in body
    assert "secret" not in body


def test_an_address_without_a_host_is_no_link(mailbox: Mailbox, home: WarehouseHome) -> None:
    task = SimpleNamespace(dag_id="reminders", task_id="remind", log_url="/dags/reminders/runs/x")
    alert_delivery.tell_failed_task({"ti": task})

    body = body_of(mailbox.only())
    assert "Việc “remind” của quy trình reminders không hoàn thành" in body
    assert "href" not in body


def test_many_lines_are_cut_and_counted() -> None:
    refused = [
        RefusedFile(relative_path=f"{number}.xlsx", verdict="rejected", sentence="Hỏng.")
        for number in range(MOST_LINES + 3)
    ]
    alert = alert_of_refused_files(refused)

    assert len(alert.lines) == MOST_LINES + 1
    assert alert.lines[-1] == "… và 3 tệp nữa."


def test_a_cut_off_names_who_is_missing_and_what() -> None:
    standing = standing_of(PERIOD, EXPECTED, frozenset({("U1", "clubs")}))
    alert = alert_of_cut_off(standing, date(2023, 6, 7))

    assert alert.what == (
        "Hạn gửi báo cáo 6 tháng đầu năm 2023 là hết ngày 14/06/2023 (sau 7 ngày nữa);"
        " 2 trong 2 đơn vị chưa gửi đủ."
    )
    assert alert.lines == (
        "Xã Băng Adrênh: chưa gửi biểu nào",
        "Xã Ea Bông: còn thiếu Biểu 06: Khen thưởng",
    )


def test_what_came_and_was_refused_is_not_called_unsent() -> None:
    standing = standing_of(PERIOD, EXPECTED, frozenset({("U1", "clubs")}), frozenset({("U2", "awards")}))

    assert alert_of_cut_off(standing, date(2023, 6, 7)).lines == (
        "Xã Băng Adrênh: còn thiếu Biểu 02: Mô hình, câu lạc bộ; chưa tiếp nhận Biểu 06: Khen thưởng",
        "Xã Ea Bông: còn thiếu Biểu 06: Khen thưởng",
    )


def test_rows_that_wait_are_told_of_where_every_form_has_come() -> None:
    alert = alert_of_due_refresh(standing_of(PERIOD, EXPECTED, ALL, waiting_rows=3))

    assert alert.subject == "Đã gửi đủ biểu, còn 3 dòng chờ sửa: báo cáo 6 tháng đầu năm 2023"
    assert "đã gửi đủ biểu của báo cáo 6 tháng đầu năm 2023, còn 3 dòng chờ sửa; " in alert.what


def test_a_complete_half_year_is_told_as_such() -> None:
    told = alert_of_due_refresh(standing_of(PERIOD, EXPECTED, ALL))
    assert told.subject == "Đã đủ báo cáo 6 tháng đầu năm 2023"


def test_those_missing_are_told_of_on_the_days_that_were_chosen_and_on_the_last() -> None:
    days = [day for day in range(1, 20) if is_reminder_day(PERIOD.end, date(2023, 6, day), (7, 3, 1))]

    assert days == [7, 11, 13, 14]


def test_an_approval_that_waits_is_told_again_with_the_days_that_it_has_waited() -> None:
    asked = datetime(2023, 6, 14, 23, 5, tzinfo=UTC)
    first = alert_of_waiting_approval(asked, asked, asked, None)
    again = alert_of_waiting_approval(asked, asked, datetime(2023, 6, 17, 1, 0, tzinfo=UTC), None)

    assert first.subject == "Bản số liệu chờ phê duyệt"
    assert first.what.startswith("Bản số liệu tính đến 06:05 ngày 15/06/2023 chờ phê duyệt; ")
    assert again.subject == "Nhắc: bản số liệu đã chờ phê duyệt 2 ngày"


def test_no_alert_names_a_half_year_by_its_code() -> None:
    moment = datetime(2023, 6, 14, tzinfo=UTC)
    alerts = [
        alert_of_cut_off(standing_of(PERIOD, EXPECTED, frozenset()), date(2023, 6, 13)),
        alert_of_due_refresh(standing_of(PERIOD, EXPECTED, frozenset())),
        alert_of_due_refresh(standing_of(PERIOD, EXPECTED, ALL)),
        alert_of_failed_task("Tiếp nhận báo cáo", "ingest_submissions", "load", moment, None),
        alert_of_waiting_approval(moment, moment, moment, None),
    ]
    for alert in alerts:
        assert not re.search(r"\d{4}H[12]", alert_delivery.plain_text(alert))
        assert "Đề nghị" in alert.what_to_do
