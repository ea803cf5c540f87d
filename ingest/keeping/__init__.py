"""What must not be lost: every file that was ever received, and what happened in what order.

Here: the archive, the journal, the database as a projection of it, what is withdrawn, the issued figures and the key of
pseudonyms. Not
here: how files are read. Hands on bytes by their hash and entries by their number; from both everything else can be made
again.
"""
