"""A run that waits for a person, and one that takes a while: what the services are tried with."""

from time import sleep

from airflow.sdk import Param, dag, get_current_context, task

from operations.runs.asking import ANSWER, AnsweredBranchOperator


@dag(schedule=None, tags=["test"])
def asks_for_approval() -> None:
    approve = AnsweredBranchOperator(
        task_id="approve",
        subject="Công bố số liệu thử",
        options=["Phê duyệt", "Không phê duyệt"],
        options_mapping={"Phê duyệt": "tell_who", "Không phê duyệt": "tell_nobody"},
        params={"note": Param("", type="string")},
    )

    @task
    def tell_who() -> str:
        answer = get_current_context()["ti"].xcom_pull(task_ids="approve", key=ANSWER)
        return f"{answer['responded_by_user']['name']}: {answer['params_input']['note']}"

    @task
    def tell_nobody() -> None: ...

    approve >> [tell_who(), tell_nobody()]


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
