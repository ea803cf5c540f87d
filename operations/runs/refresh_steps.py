"""The steps of ``semiannual_refresh`` as Airflow calls them: from the context of a run to ``publish.refresh`` and back.

What is passed from task to task is the name of the candidate and the words of the request; who answered and when comes from
Airflow's own record of the answer.
"""

import logging
from datetime import UTC, datetime
from typing import Any

from ingest.home import WarehouseHome
from operations.runs.asking import ANSWER
from operations.watching.alert_delivery import tell_waiting_approval
from operations.watching.page_writing import write_pages_or_tell
from publish.editions.current import current_edition, require_edition
from publish.editions.edition import Approval
from publish.editions.issue import issue_candidate, refuse_candidate
from publish.feedback.outbox import write_feedback
from publish.refresh import (
    Step,
    auto_approver,
    is_of_the_past,
    period_asked,
    plan_refresh,
    prepare_refresh,
    request_approval,
)
from publish.reports.review_files import review_half_year, review_year
from publish.reports.writing import write_reports_of_refresh

_LOG = logging.getLogger(__name__)
NEXT_TASKS = {Step.BUILD: "dbt_seed", Step.ASK: "prepare_edition", Step.KEEP: "keep_current"}
EDITION_ID = "edition_id"


class NotApprovedError(RuntimeError):
    """Nobody has answered the request for approval."""


def next_task(context: Any, as_of: datetime) -> str:
    """Look what there is to do; gives the task that comes next.

    Raises:
        AirflowSkipException: the run is of a slot of the past, as Airflow makes one when a DAG is unpaused.
        NothingReceivedError: nothing had been received by then.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    run = context["dag_run"]
    is_first_try = not run.clear_number
    if run.run_type == "scheduled" and is_first_try and is_of_the_past(run.run_after, datetime.now(UTC)):
        raise AirflowSkipException(
            f"Kỳ tổng hợp ngày {run.run_after:%d/%m/%Y} đã qua, không làm bù. Muốn lập số liệu của ngày đó,"
            " đề nghị chạy riêng và điền “Số liệu tính đến”."
        )
    plan = plan_refresh(
        WarehouseHome.from_environment(),
        as_of,
        is_as_of_given=bool(context["params"]["as_of"]),
        is_asked_by_person=run.run_type == "manual",
    )
    _LOG.info("%s", plan.why)
    context["ti"].xcom_push(key=EDITION_ID, value=plan.edition_id)
    return NEXT_TASKS[plan.step]


def prepare(context: Any, as_of: datetime) -> str:
    """Prepare the candidate and the request for its approval; gives the task that comes next.

    Args:
        context: of the Airflow task; takes edition, subject and body of the request as its XComs.
        as_of: the instant of the refresh, timezone-aware.

    Returns:
        ``approve_edition``, or ``issue_edition`` where nobody is to be asked.
    """
    home = WarehouseHome.from_environment()
    candidate = prepare_refresh(home, as_of, datetime.now(UTC))
    request = request_approval(home, candidate, period_asked(context["params"]["period"], as_of))
    for key, value in (
        (EDITION_ID, candidate.edition_id),
        ("subject", request.subject),
        ("body", request.body),
    ):
        context["ti"].xcom_push(key=key, value=value)
    if auto_approver():
        return "issue_edition"
    tell_waiting_approval(home, candidate.as_of, candidate.built_at)
    return "approve_edition"


def issue(context: Any) -> str:
    """Issue the candidate that was approved; gives its name.

    Raises:
        NotApprovedError: nobody has answered, as when the request was marked as done by hand.
    """
    home = WarehouseHome.from_environment()
    answer, automatic = _answer(context), auto_approver()
    if answer is None and automatic is None:
        raise NotApprovedError("Chưa có người phê duyệt bản số liệu này nên không công bố.")
    approval = _approval(answer) if answer else Approval(str(automatic), datetime.now(UTC))
    issued = issue_candidate(home, _candidate(context), approval)
    # now, whatever becomes of its reviews
    write_pages_or_tell(home)
    return issued.edition_id


def refuse(context: Any) -> None:
    """Keep who refused the candidate, when and why; nothing is published.

    Raises:
        NotApprovedError: nobody has answered the request.
    """
    answer = _answer(context)
    if answer is None:
        raise NotApprovedError("Chưa có người trả lời yêu cầu phê duyệt bản số liệu này.")
    refusal = _approval(answer)
    decision = refuse_candidate(
        WarehouseHome.from_environment(),
        _candidate(context),
        refusal.approved_by,
        refusal.approved_at,
        refusal.note,
    )
    _LOG.warning(
        "%s không phê duyệt bản số liệu %s: %s", decision.decided_by, decision.edition_id, decision.note
    )


def write_review(context: Any, as_of: datetime) -> str:
    """Write the reviews of the half-year and of its year from the edition that was issued, or from the one that stays.

    The pages of the outbox are written whatever becomes of the reviews.

    Args:
        context: of the Airflow task.
        as_of: the instant of the refresh, timezone-aware.

    Returns:
        The path of the half-year's CSV for people.

    Raises:
        AirflowSkipException: no edition was ever issued.
        NoEditionError: the one that was is not there any more.
        TemplateTroubleError: a template that the office changed cannot be filled in.
        UnknownSettingError: a setting of the reports is none.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    home = WarehouseHome.from_environment()
    ti = context["ti"]
    edition_id = ti.xcom_pull(task_ids="issue_edition") or ti.xcom_pull(
        task_ids="check_inputs", key=EDITION_ID
    )
    if edition_id is None and current_edition(home) is None:
        raise AirflowSkipException("Chưa có bản số liệu nào được công bố.")
    edition = require_edition(home, edition_id)
    period = period_asked(context["params"]["period"], as_of)
    try:
        written = review_half_year(edition.path, period, home)
        review_year(edition.path, period, home)
        write_reports_of_refresh(edition.path, period, home, _LOG.info)
    finally:
        write_pages_or_tell(home)
    return str(written.csv)


def answer_branches() -> list[str]:
    """Bring the answers to branches up to date, and the pages that link to them; gives the answers that were written."""
    home = WarehouseHome.from_environment()
    answers = list(write_feedback(home).written)
    write_pages_or_tell(home)
    return answers


def _candidate(context: Any) -> str:
    return str(context["ti"].xcom_pull(task_ids="prepare_edition", key=EDITION_ID))


def _answer(context: Any) -> dict[str, Any] | None:
    answer: dict[str, Any] | None = context["ti"].xcom_pull(task_ids="approve_edition", key=ANSWER)
    return answer


def _approval(answer: dict[str, Any]) -> Approval:
    """Read Airflow's record of an answer: who, when, and the note of the form."""
    user = answer["responded_by_user"] or {}
    return Approval(
        approved_by=str(user.get("name") or user.get("id") or "?"),
        approved_at=datetime.fromisoformat(answer["responded_at"]),
        note=str((answer["params_input"] or {}).get("note") or "").strip(),
    )
