"""What the bytes of a workbook say of its cells beside their values.

Here: the parts of a package, cells as text that says what it was, the notes that each format's reader makes of errors,
formats, struck-out text, merged and hidden cells. Not here: the grids (``workbooks``). Hands on notes by sheet and
position.
"""
