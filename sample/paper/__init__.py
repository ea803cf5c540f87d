"""How records look when they are sent: forms as sheets and workbooks, logs as files, each in the style of its unit.

Nothing here decides what is reported.
"""
