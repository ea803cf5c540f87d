"""The dashboards of the BI tool as files: from the data dictionary, the seeds and ``bi/definitions`` to ``bi/bundle``.

Here: what Superset is to import, written without Superset. Not here: Superset itself, its settings and its start (``bi``,
``operations.services``). What is written is checked in; ``make contracts-check`` fails when it is stale.
"""
