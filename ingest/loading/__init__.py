"""Arrivals to ``raw``.

Here: the processes that read (``readers``), the one that writes, taking over entries of the journal. Not here: what a
file says (``reading`` and below). Hands on a database in which every row of every file has its place.
"""
