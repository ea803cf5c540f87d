"""Figures as sentences that stay grammatical whatever they are.

Here: the words of every indicator (``figures_vi.yml``), how a value, a target, last year and what limits them are said
(``clauses``), and the sentences of the half-year report and of a programme's review (``half_year``, ``programmes``).
Not here: where a sentence stands and what stands around it, which is the template's (``documents/templates``); figures
(``figures``). Nothing is judged: what only a person can say is a marked gap of the template.
"""
