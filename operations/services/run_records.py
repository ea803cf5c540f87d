"""What Airflow's own database tells of runs: the few columns that the status needs, read without Airflow.

Read only, and straight from the tables: importing Airflow costs six seconds, and an officer who asks how things stand
should not need a password. The version of Airflow is pinned, and a test reads a real database.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from operations.installation.airflow_home import is_pointed

_AIRFLOW = sa.MetaData()
_DAG = sa.Table(
    "dag",
    _AIRFLOW,
    sa.Column("dag_id", sa.String),
    sa.Column("dag_display_name", sa.String),
    sa.Column("is_paused", sa.Boolean),
    sa.Column("is_stale", sa.Boolean),
    sa.Column("next_dagrun_create_after", sa.DateTime(timezone=True)),
)
_DAG_RUN = sa.Table(
    "dag_run",
    _AIRFLOW,
    sa.Column("dag_id", sa.String),
    sa.Column("state", sa.String),
    sa.Column("start_date", sa.DateTime(timezone=True)),
    sa.Column("end_date", sa.DateTime(timezone=True)),
)
_TASK_INSTANCE = sa.Table(
    "task_instance",
    _AIRFLOW,
    sa.Column("id", sa.String),
    sa.Column("dag_id", sa.String),
    sa.Column("task_id", sa.String),
    sa.Column("state", sa.String),
    sa.Column("end_date", sa.DateTime(timezone=True)),
)
_HITL_DETAIL = sa.Table(
    "hitl_detail",
    _AIRFLOW,
    sa.Column("ti_id", sa.String),
    sa.Column("subject", sa.String),
    sa.Column("created_at", sa.DateTime(timezone=True)),
    sa.Column("responded_at", sa.DateTime(timezone=True)),
)
_OVER = ("success", "failed", "skipped", "upstream_failed", "removed")


@dataclass(frozen=True, slots=True)
class DagPlan:
    """What a DAG is about to do.

    Attributes:
        dag_id: its name.
        label: as people see it.
        is_paused: it starts nothing by itself.
        next_at: when it starts next by itself; timezone-aware UTC, None where only people start it.
    """

    dag_id: str
    label: str
    is_paused: bool
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that waits for a person: what about, and since when (UTC)."""

    subject: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that failed: of which DAG, and when it ended (UTC)."""

    dag_id: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class RunRecords:
    """What Airflow's database knows.

    Attributes:
        plans: of every DAG that is there, those with a next start first.
        running: names of DAGs with a run that has begun.
        waiting: questions without an answer, oldest first.
        failures: runs that failed since the day asked for, newest first.
        last_loaded_at: end of the last load that went well.
        last_built_at: end of the last step of a build that went well.
    """

    plans: tuple[DagPlan, ...]
    running: tuple[str, ...]
    waiting: tuple[Waiting, ...]
    failures: tuple[Failure, ...]
    last_loaded_at: datetime | None
    last_built_at: datetime | None


def read_run_records(metadata: Path, since: datetime) -> RunRecords | None:
    """Read Airflow's database; None where there is none yet, or it does not answer.

    Args:
        metadata: the SQLite file of the embedded form; not looked at where Airflow is pointed at another database.
        since: failures before this are of no interest; timezone-aware.
    """
    try:
        with _open(metadata) as connection:
            return RunRecords(
                plans=_plans(connection),
                running=tuple(
                    connection.scalars(
                        sa.select(_DAG_RUN.c.dag_id).where(_DAG_RUN.c.state == "running").distinct()
                    )
                ),
                waiting=_waiting(connection),
                failures=_failures(connection, since),
                last_loaded_at=_utc(
                    connection.scalar(
                        sa.select(sa.func.max(_DAG_RUN.c.end_date)).where(
                            _DAG_RUN.c.dag_id == "ingest_submissions", _DAG_RUN.c.state == "success"
                        )
                    )
                ),
                last_built_at=_utc(
                    connection.scalar(
                        sa.select(sa.func.max(_TASK_INSTANCE.c.end_date)).where(
                            _TASK_INSTANCE.c.task_id.like("dbt%"), _TASK_INSTANCE.c.state == "success"
                        )
                    )
                ),
            )
    except sa.exc.SQLAlchemyError:
        return None


@contextmanager
def _open(metadata: Path) -> Iterator[Connection]:
    address = (
        os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
        if is_pointed()
        else f"sqlite:///file:{metadata}?mode=ro&uri=true"
    )
    engine = sa.create_engine(address)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _plans(connection: Connection) -> tuple[DagPlan, ...]:
    rows = connection.execute(sa.select(_DAG).where(_DAG.c.is_stale.is_(False)).order_by(_DAG.c.dag_id)).all()
    plans = [
        DagPlan(
            row.dag_id, row.dag_display_name or row.dag_id, row.is_paused, _utc(row.next_dagrun_create_after)
        )
        for row in rows
    ]
    return tuple(sorted(plans, key=lambda plan: (plan.next_at is None, plan.next_at or datetime.max)))


def _waiting(connection: Connection) -> tuple[Waiting, ...]:
    rows = connection.execute(
        sa.select(_HITL_DETAIL.c.subject, _HITL_DETAIL.c.created_at)
        .join(_TASK_INSTANCE, _TASK_INSTANCE.c.id == _HITL_DETAIL.c.ti_id)
        .where(_HITL_DETAIL.c.responded_at.is_(None), _TASK_INSTANCE.c.state.not_in(_OVER))
        .order_by(_HITL_DETAIL.c.created_at)
    )
    return tuple(Waiting(row.subject, _utc(row.created_at) or datetime.now(UTC)) for row in rows)


def _failures(connection: Connection, since: datetime) -> tuple[Failure, ...]:
    rows = connection.execute(
        sa.select(_DAG_RUN.c.dag_id, _DAG_RUN.c.end_date)
        .where(_DAG_RUN.c.state == "failed", _DAG_RUN.c.end_date >= since.astimezone(UTC))
        .order_by(_DAG_RUN.c.end_date.desc())
    )
    return tuple(Failure(row.dag_id, _utc(row.end_date) or since) for row in rows)


def _utc(moment: datetime | None) -> datetime | None:
    """SQLite gives times without a zone; Airflow writes them in UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
