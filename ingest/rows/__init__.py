"""What a single row of a sheet is.

Here: the kinds of rows (``kinds``) and how each is known: by its label (``total_labels``, ``examples``, ``signatures``), by
what is filled in (``filled_cells``), by where the fields of its table stand (``table_columns``); ``row_kinds`` decides. Not
here: which rows are headers (``headers``), nor what depends on the rows around one (``tables``).
"""
