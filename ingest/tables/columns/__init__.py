"""What stands in the columns of a table, handed over a column at a time.

Here: cells as text with their types (``texts``), the units of measure of money (``money_units``) and of quantities
(``measured_columns``), days that read both ways (``day_order``). Not here: which column holds which field (``headers``), nor
whether a value is right (dbt).
"""
