"""Answers to branches: their own workbooks, with what must be corrected coloured, explained and listed.

``findings`` reads what the warehouse knows of each submission, ``grids`` makes the answer from it, ``outbox`` puts
answers where the officer picks them up. ``marker`` lets the reader of returns know an answer's list when it comes back.
"""
