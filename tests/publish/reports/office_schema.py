"""Holds a Word document or a workbook to the schema of Office Open XML, as Microsoft's own SDK does.

``openxml-audit`` carries the schemas and rules of that SDK; it looks at the package (content types, relationships, parts),
at every element with its order and attributes, and at what must be unique or refer to something.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from openxml_audit import OpenXmlValidator

_VALIDATOR = OpenXmlValidator()


def faults_of_office_file(content: bytes, ending: str) -> list[str]:
    """Give what the schema forbids in a file, each with its part and place; nothing for a good one.

    Args:
        content: the file.
        ending: ``docx`` or ``xlsx``.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"file.{ending}"
        path.write_bytes(content)
        return [str(fault) for fault in _VALIDATOR.validate(path).errors]
