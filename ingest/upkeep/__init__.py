"""What is done to a warehouse that runs, by hand or for dbt.

Here: the working database made anew, files withdrawn and taken back with what an officer is told of it, what is generated
from the contracts. Nothing else in ``ingest`` stands on it.
"""
