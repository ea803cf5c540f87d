"""Reviews as files: written ones for the chair, tables for people and for programs.

Here: ``review_files`` (CSV and Parquet); ``half_year`` and ``programme``, which compose a written review from figures of an
edition (``figures``), sentences, annexes and charts; ``documents``, which draw it as Word, Excel, page and PDF; ``writing``,
which puts the files into the outbox.
Not here: columns and their labels, which an edition brings along from dbt (``dbt_project/models/reviews``); the edition
itself (``editions``); what goes back to branches (``feedback``).
"""
