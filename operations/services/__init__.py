"""The four services of Airflow as processes: started, supervised, ended, and how they stand.

Here: ``make up`` and ``make down`` (``embedded``), the process that owns the others (``supervisor``), which processes belong
to a warehouse (``session``), whether they are well (``health``, also in containers), and what an officer is told of all of it
(``status``, with what Airflow has noted of runs: ``run_records``). Not here: what Airflow is given to start with
(``installation``), and what its tasks do (``runs``). Hands on nothing: commands come here and no module does.
"""
