"""Seeing that something is to be done, and saying so to those whom it concerns.

Here: what lies in the inbox (``inbox_watch``), what falls due on a day (``reminders``), the words of every mail, of reminders
too (``alert_texts``), their way to people (``alert_delivery``), and that the officer's pages are written after every step
(``page_writing``). Not here: when it is looked (``dags``), which unit still owes which form (``publish.answers.completeness``),
what a page says (``publish.pages``) and what ``make status`` does (``services.status``). Hands on a run's cause or a mail; changes
nothing of the data.
"""
