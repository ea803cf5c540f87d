"""What lies in the inbox, and its way into the archive.

Here: files that have settled, zips taken apart, receipts, good bytes for an archive that lost them. Not here: what a
file says, but for whether it is a log. Hands on arrivals.
"""
