"""What the DAGs are put together from: how a task is tried again, what starts a run, and the steps of a refresh.

Here: defaults and layers as tasks (``wiring``), assets by which one run makes another (``assets``), the question to a person
in the middle of a run (``asking``), from the context of a run to ``publish`` and back (``refresh_steps``), and the refreshes
of past half-years, which need no Airflow (``backfill``). Not here: the DAGs themselves (``dags``), and what an edition is
(``publish``). Hands on tasks, and the words of an approval.
"""
