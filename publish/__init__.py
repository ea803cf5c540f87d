"""From the working database to what people read.

Editions (an immutable DuckDB file with Parquet beside it), the reviews written to files, and the account that closes a
refresh. It reads what ``dbt_project`` built and what ``ingest`` loaded; it computes no figure itself and knows no Airflow.
"""
