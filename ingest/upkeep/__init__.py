"""What is done to a warehouse that runs, by hand or for dbt.

Here: the working database made anew, what an officer is told who withdraws a file, what is generated from the contracts.
Nothing else in ``ingest`` stands on it.
"""
