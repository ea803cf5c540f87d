"""A written review as files: Word, Excel, a page, PDF.

Here: the templates of the project (``templates/``, made by ``blank_templates``), how one is filled and gets its annexes
(``word``), the workbook, the page, and PDF by LibreOffice where it is installed.
Not here: what is told (``sentences``, ``annexes``), which files a refresh writes (``writing``). All files of a review say the
same; each is replaced with one rename.
"""
