"""Asking a person in the middle of a run, and keeping the answer where the tasks behind can read it."""

from typing import Any

from airflow.providers.standard.operators.hitl import HITLBranchOperator

ANSWER = "answer"


class AnsweredBranchOperator(HITLBranchOperator):
    """Branches by what a person has chosen, and keeps who, when and the note under ``ANSWER``.

    Airflow's own ends by skipping the other branch, after which it keeps no return value: nobody would know who it was.
    """

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Keep the answer, then branch; ``event`` is what Airflow recorded of it."""
        if "error" not in event:
            answer = {
                "responded_by_user": dict(event["responded_by_user"] or {}),
                "responded_at": event["responded_at"].isoformat(),
                "params_input": event["params_input"],
            }
            context["ti"].xcom_push(key=ANSWER, value=answer)
        return super().execute_complete(context=context, event=event)
