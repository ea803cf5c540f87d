"""What headers and titles say.

Here: which rows of a sheet are headers, which field a column holds, what kind of row a row is, whether a title tells of
results, a supplement or a correction. Not here: how rows make up tables (``tables``).
"""
