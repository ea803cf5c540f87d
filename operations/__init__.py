"""What keeps the system running: the services of Airflow, who may do what in them, and what stands how.

Stands beside ``dags``: uses ``ingest`` and ``publish``, knows no form and no model. Commands are the modules that have an
``add_command``; ``python -m operations`` lists them.
"""
