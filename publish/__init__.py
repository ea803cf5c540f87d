"""From the working database to what people read.

``editions`` write, guard, switch and remember what was issued; ``catalogue`` says what everything means; ``answers`` are
for people who ask or decide, ``reports`` are files, ``pages`` are the officer's, ``reading`` gives analysts frames,
``opendata`` files of open standards, ``dashboards`` those that Superset imports, ``feedback`` and ``templates`` (blank forms)
go to branches, ``paper`` is the font of all of it, ``names`` what units are called amid a sentence. ``refresh`` names the
steps of a refresh in their order. Nothing here computes a figure: that is dbt's work, which ``build`` runs.

Of the wings, none imports one that stands above it, and those of a line know nothing of each other:

    dashboards, opendata
    refresh
    pages, reading, reports
    answers
    feedback, templates
    editions
    catalogue
    names, paper
"""
