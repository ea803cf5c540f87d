"""Seeing that something is to be done, and saying so to those whom it concerns.

Here: what lies in the inbox (``inbox_watch``), which unit still owes which form (``completeness``), what falls due on a day
(``reminders``), the sentences of an alert (``alert_texts``) and its way to people (``alert_delivery``). Not here: when it is
looked (``dags``), and what a page says to whoever asks (``services.status``). Hands on a run's cause or a mail; changes
nothing of the data.
"""
