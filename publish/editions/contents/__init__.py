"""What is in an edition: the DuckDB file and the Parquet files beside it.

Here: the published tables (``database``), their rows in order (``tables``), what an edition says of itself (``meta``), views
of units alone (``unit_views``), and Parquet as other people's tools read it. Not here: when an edition is made and who
approved it.
"""
