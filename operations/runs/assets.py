"""What Airflow knows by name: assets whose change makes a run, so that no run is made to look whether there is work."""

from airflow.sdk import Asset, AssetWatcher

from operations.watching.inbox_watch import InboxTrigger

# files that branches have dropped; the triggerer looks
INBOX = Asset("inbox", watchers=[AssetWatcher(name="inbox_watch", trigger=InboxTrigger())])
# returns that were accepted; each partition is a unit and a half-year, as U24565|2023H1
RETURNS = Asset("returns")
# completeness, findings and answers to branches, up to date with all that was received
WORKING_DATABASE = Asset("working_database")
