"""Answers to branches: their own workbooks, with what must be corrected coloured, explained and listed.

``findings`` are what the warehouse knows of each submission, ``branch_copy`` opens the branch's own file, ``wording``
says what is wrong, ``workbook`` makes the answer, ``outbox`` puts it where the officer picks it up; ``checking`` does all
of it for a file that nobody loads. The reader knows an answer's list when it comes back (``ingest.headers.returned_list``).
"""
