"""Editions: immutable, free of personal data, approved by a person, switched by one rename.

An edition is made in two steps. ``candidate`` builds it whole from the working database and keeps it apart; days may pass
until somebody approves it, and nothing that is loaded or built in between touches it. ``issue`` stamps that very file with
who approved it, puts it in place, makes it ``current.duckdb`` and writes its figures to the ledger; each step can be cut
off and is finished by the next run. ``decisions`` keeps who said yes or no. ``current`` finds editions and mends what was
broken from outside. What is in an edition is the business of ``contents``, its checksums that of
``manifest``.

Readers open ``current.duckdb`` and nothing else; it is a hard link to the newest edition and is replaced in one step, so
a reader sees the old edition or the new one and a refresh that dies anywhere leaves the old one.
"""
