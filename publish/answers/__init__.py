"""Answers to people who ask or decide.

Here: the account that closes a refresh, the request for approval, a figure walked back to its cells, members who may be
one, which unit still owes what. Not here: files (``reports``) and what goes to branches (``feedback``).
"""
