"""What is kept: whether it is still what was kept, and what of it nobody needs any more.

Here: checks of files and of the working database (``checks``, ``file_checks``, ``database_checks``), the files of an edition
as its manifest lists them (``edition_files``), editions that may go (``pruning``), what runs leave behind (``cleaning``), and
sizes as a person reads them (``sizes``). Not here: copies elsewhere (``backups``). Checks only look and hand on faults, with
what to do; nothing here removes what was issued.
"""
