"""What do these characters say.

Here: Vietnamese made comparable, look-alikes, the legacy encodings, the encoding of a file, delimited text as records,
cells as text that says what it was. The words and letters that all of it goes by are declared in ``contracts/vocabulary``,
with those of forms. Not here: what a word means in a form (``contracts``, ``headers``). Hands on text as it was meant;
knows no form and no database.
"""
