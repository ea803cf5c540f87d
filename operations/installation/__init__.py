"""Airflow on this machine, before anything runs: its settings, its database, secrets, and who may log in.

Here: where Airflow finds this warehouse (``airflow.cfg`` and ``airflow_home``), its own database prepared
(``airflow_database``), secrets in files (``secret_files``) and the settings of containers (``container_settings``), people
with their roles and what a role may (``people``, ``roles``, ``auth_manager``), Airflow inside a command (``quiet_airflow``)
or as one (``airflow_command``). Not here: processes (``services``) and what a task does (``runs``). Hands on an environment
in which Airflow starts.
"""
