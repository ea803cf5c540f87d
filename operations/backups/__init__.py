"""Whatever cannot be made again: copied out of a home, brought back into an empty one, and held against its hashes.

Here: what a folder of backups holds (``manifest``), what a backup is to hold of a home (``plan``), files that have their name
only when they are whole (``whole_copies``), there and back (``backup``, ``restoration``), both as commands that speak to a
person (``backup_command``, ``restoration_command``), and the table of checks after either (``verification``). Not here: the
checks themselves, which need no backup (``housekeeping``). Hands on a folder that a person can read without this program.
"""
