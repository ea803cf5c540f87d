"""A run that waits for a person, and one that takes a while: what the services are tried with."""

from datetime import timedelta
from time import sleep

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import dag, task


@dag(schedule=None, tags=["test"])
def asks_for_approval() -> None:
    ApprovalOperator(task_id="approve", subject="Công bố số liệu thử", execution_timeout=timedelta(hours=1))


@dag(schedule=None, tags=["test"])
def takes_a_while() -> None:
    @task
    def wait() -> str:
        print("bắt đầu")
        sleep(12)
        return "xong"

    wait()


asks_for_approval()
takes_a_while()
