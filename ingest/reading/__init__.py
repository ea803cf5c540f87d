"""One archived file, read: what it holds, whose it is, and what becomes of it.

Here: the whole of reading a return or a log, and what was found as rows in the shape of ``raw``. Not here: where the
file came from and where its rows go (``inbox``, ``loading``). Hands on submissions with a verdict, and streams of rows.
"""
