"""Bytes to true cells.

Here: what kind of file it is, unlocking and unpacking it, the grids of workbooks and of delimited text, and grids put
right by the notes of ``packages``. Not here: what the cells mean. Hands on sheets of cells in which no value stands that nobody sees.
"""
