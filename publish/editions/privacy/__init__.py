"""The guard at the door of an edition: no personal data leaves the working database.

It looks at the names of columns (``personal_columns``) and at the values of every text column (``personal_texts``), against
the names and citizen numbers that branches sent (``known_people``), however they are written (``spellings``); ``small_counts``
takes out sums that would give a withheld count back. It looks before anything is written: a value that is written and then
overwritten stays in the bytes of a database file. Law 91/2025/QH15 on the protection of personal data.
"""
