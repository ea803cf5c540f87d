"""Files to rows with an address.

Everything between a branch's file in the inbox and the append-only ``raw`` tables: what arrived, which unit and period
it is for, where its tables are, and an account of every row. Values stay text here; typing and validating them is SQL's
work in ``dbt_project``. Nothing here knows Airflow, and nothing below ``loading`` what dbt has built.

It is a tower of wings, each standing on those below it; ``make lint`` holds the order (import-linter, ``pyproject.toml``):

=================  ============================================================================
``upkeep``         the database made anew, the answer to a withdrawal, what dbt is given of the contracts
``loading``        arrivals to ``raw``: the processes that read, the one that writes
``inbox``          what lies in the inbox, and its way into the archive
``database``       the one door to the working database
``keeping``        what must not be lost: archive, journal, issued figures
``reading``        one file, read: what it holds, whose it is, what becomes of it
``attribution``    whose its tables are, for when, and which of them count
``tables``         cells to tables, with an account of every row
``headers``        what headers and titles say
``rows``           what a single row of a sheet is
``workbooks``      bytes to true cells
``packages``       what the bytes of a workbook say of its cells beside their values
``contracts``      what is declared: forms, vocabularies, units, verdicts, the shape of ``raw``
``text``           what do these characters say
=================  ============================================================================

On the ground: where things are (``home``), writing that survives a power cut (``durable``), whose files are
(``ownership``), and what is said when the machine fails (``troubles``, ``faults``, ``own_commands``).
"""
