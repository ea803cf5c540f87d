"""Text in the legacy encodings TCVN3 and VNI made Unicode.

Here: their letters and fonts (``letters``), how much sense a word makes (``word_sense``), and what a text is then
(``encodings``).
"""
