"""Reviews as files, for people and for programs.

Here: which tables become which CSV and Parquet files, and how numbers are written for whom.
Not here: columns and their labels, which an edition brings along from dbt (``dbt_project/models/reviews``); the edition
itself (``editions``); what goes back to branches (``feedback``).
"""
