"""What the bytes of a workbook say of its cells beside their values.

Here: the parts of a package, and the notes that each format's reader makes of errors, formats, struck-out text, merged
and hidden cells. Not here: the grids, and how a file is unlocked and unpacked (``workbooks``). Hands on notes by sheet and
position.
"""
