"""What is declared: the forms and their columns, the units and half-years, the verdicts and their sentences, ``raw``.

Here: the YAML of forms and vocabularies as objects, dbt's seeds of units and periods, why something is refused, the
shape of the tables of ``raw``. Not here: how a header is recognised (``headers``), whose a return is (``attribution``).
Hands on objects that nobody changes.
"""
