"""Charts of a review, each one Vega-Lite specification that gives a picture for Word and a drawing for pages.

Here: the course of an indicator over half-years, units against their targets, the composition of people, and how a
specification is drawn.
Not here: figures (``figures``), where a chart stands (``documents``). Everything is readable in black and white: what is
marked is marked by shape, pattern or a word as well as by its shade.
"""
