"""Blank forms: the workbooks that units fill in, drawn from the contracts.

A contract tells what a form asks for; everything that is drawn here follows from it, so a new column or form needs no
code. Nothing here reads what comes back: that is the reader's business, and a test holds the two together.
"""
