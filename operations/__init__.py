"""What keeps the system running: the services of the embedded form, status, alerts, backup and the way back.

Stands on ``publish`` and ``ingest``; nothing of what a figure is made of is decided here. DAGs may import it.
"""
