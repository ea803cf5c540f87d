"""Pages that an officer opens from the outbox: the state of the returns (``status.html``) and the shelf (``index.html``).

What is read: ``units``, ``returns`` (who sent what, from the working database's last build or from the edition),
``new_files`` (what came since), ``figures`` (from the edition alone), ``shelf`` (what lies in the outbox). What is arranged: ``board`` (areas, half-years, units, forms; who must
still send). What is said: ``wording``. What is shown: ``rendering`` with the templates beside it. ``writing`` puts the pages
in place. A page is one file that needs nothing but itself: no network, no font, and nothing that only a script can show.
"""
