"""What do these characters say.

Here: Vietnamese made comparable, look-alikes, the legacy encodings, the encoding of a file, delimited text as records.
Not here: what a word means in a form (``contracts``, ``headers``). Hands on text as it was meant; knows no form and no
database.
"""
