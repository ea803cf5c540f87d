"""What titles, file names and folders say of unit and half-year.

Here: the names of units (``unit_names``) and of places that are none of ours (``strange_places``), the ways to write a
half-year (``period_spellings``), and all of it with its place (``sources``). Not here: what is decided from it
(``attribution``).
"""
