"""What the warehouse says of itself.

Here: the dictionary of published tables and columns and its page, dbt's site, the metrics of the semantic layer. Not
here: figures. Hands on descriptions and labels.
"""
