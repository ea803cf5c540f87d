"""What headers and titles say.

Here: which rows of a sheet are headers, which field a column holds, whether a title tells of
results, a supplement or a correction, or the sheet is our own list of findings come back. Not here: how rows make up tables (``tables``).
"""
