"""OpenDocument spreadsheets as calamine reads them whole.

Calamine loses texts whose cell does not say that it holds text, as odfpy writes them unless told otherwise, and cells
behind blanks between tags, and refuses a package whose type is compressed, both as SheetJS writes them. They are put
right in the file before calamine sees it.
"""

import re

from ingest.packages.package import ODS_CONTENT, Package

_TYPE = "mimetype"
# Blanks before a tag of a table, never those between words of a cell.
_INDENT = re.compile(rb">\s+(?=<(?:/?table:|/?office:|text:p\b))")
_UNTYPED_TEXT = re.compile(
    rb"<table:table-cell(?=[\s>])((?![^>]*office:value-type)[^>]*[^>/])?>(?=\s*<text:p\b)"
)


def with_typed_texts(package: Package) -> bytes | None:
    """Give an .ods file with every text typed and its own type stored; None where it is so already.

    Raises:
        zipfile.BadZipFile, OSError, NotReadError: the file is broken.
    """
    part = package.read(ODS_CONTENT)
    typed = _UNTYPED_TEXT.sub(rb'<table:table-cell office:value-type="string"\1>', part)
    is_plain = typed == part and (not package.has(_TYPE) or package.is_stored(_TYPE))
    return None if is_plain else package.rewritten({ODS_CONTENT: typed})


def without_indents(package: Package) -> bytes | None:
    """Give an .ods file without blanks between its tags; None where there are none.

    Raises:
        zipfile.BadZipFile, OSError, NotReadError: the file is broken.
    """
    part = package.read(ODS_CONTENT)
    return package.rewritten({ODS_CONTENT: _INDENT.sub(b">", part)}) if _INDENT.search(part) else None
