"""What a written review tells, asked of an edition.

Here: the figures of the area with all that belongs beside them (``lines``), the tables of the annexes as pandas frames
(``tables``), and what limits the figures (``limits``).
Not here: words (``sentences``), pages and files (``documents``), pictures (``charts``). Nothing is computed but what a table
of an edition says; a frame is only turned round.
"""
