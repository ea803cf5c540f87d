"""Running dbt a layer at a time, and deciding what is stale.

Here: one dbt process a layer, what each layer was last built by and from, what an edition is made of. Not here: what
leaves the warehouse (``publish``), what comes in (``ingest``). Hands on a working database that is built.
"""
