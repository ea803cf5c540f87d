"""Cells to tables, with an account of every row.

Here: finding the tables of a sheet, those that go on or stand side by side, rows as they are shown, columns handed over as
text with their units of measure (``columns``). Not here: whose return it is (``attribution``), whether a value is right
(dbt). Hands on what a sheet holds (``results``), in which each row is counted once.
"""
