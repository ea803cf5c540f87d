"""Running dbt a layer at a time, and deciding what is stale.

Here: layers brought to stand (``transform``) by a dbt that is asked for one after the other (``dbt``, ``commands``); what is
rebuilt (``staleness``), decided by a digest of everything that each node is built by (``digests``; ``comments`` are no part of
it) and by what stands (``layers_built``); what an edition is made of (``inputs``). Not here: what leaves the warehouse (``publish``), what comes in (``ingest``). Hands on a working database
that is built.
"""
