"""From the working database to what people read.

``editions`` write, guard, switch and remember what was issued; ``catalogue`` says what everything means; ``answers`` are
for people who ask or decide, ``reports`` are files, ``pages`` are the officer's, ``feedback`` and ``templates`` (blank forms) go to branches, ``paper`` is
the font of all of it. ``refresh`` names the
steps of a refresh in their order. Nothing here computes a figure: that is dbt's work, which ``build`` runs.
"""
