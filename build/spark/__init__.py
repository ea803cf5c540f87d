"""The upper layers on Spark, for who has outgrown one machine: the same models, where ``WAREHOUSE_TARGET=spark`` says so.

DuckDB judges the rows (staging) and hands them over as Parquet (``handing_over``); dbt builds the layers above them in a
session of Spark (``program``, started by ``submitting``), and what it built is taken back into the working database
(``taking_back``), from which editions are made as ever. ``building`` does one after the other.
"""
