"""What the warehouse has to say to the sender of each submission, read after a build.

Here: which submissions still count (``still_open``), what is wrong in them (``all_findings``, ``logged_rows``), and the
answers that are made of it (``answer``, ``answers``). Not here: the wording of a sentence (``wording``), and how an answer
looks (``workbook``).
"""
