"""Files to rows with an address.

Everything between a branch's file in the inbox and the append-only ``raw`` tables: what arrived, which unit and period
it is for, where its tables are, and an account of every row. Values stay text here; typing and judging them is SQL's
work in ``dbt_project``. Nothing in this package knows the warehouse model or Airflow.
"""
