"""Arrivals to ``raw``.

Here: the processes that read, the one that writes, taking over entries of the journal, withdrawals. Not here: what a
file says (``reading`` and below). Hands on a database in which every row of every file has its place.
"""
