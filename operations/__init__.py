"""What keeps the system running: the services of Airflow, who may do what in them, and what stands how.

Between ``dags`` and ``publish``: uses ``publish``, ``build`` and ``ingest``, knows no form and no model. Commands are the
modules that have an ``add_command``; ``python -m operations`` lists them. Of the wings, none imports one that stands above
it, and those of a line know nothing of each other:

    runs, services, backups    what a run does; what runs; what is copied and brought back
    housekeeping, watching     what is kept is whole and not too much; what is to be done is seen and said
    installation               where Airflow finds this warehouse, and who may log in
"""
