"""Whose the tables of a file are, for when, and which of them count.

Here: unit and half-year by title, file name and folder (``evidence``), and what is decided from it; sheets, tables and rows
that are of others, copies, parts or summaries. Not here: how a file is opened, and the ``Submission`` that is made of all
this (``reading``). Hands on tables that count or say why they do not.
"""
