"""A Word document as PDF, where LibreOffice is installed; without it there is none, and nothing fails."""

import logging
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

_PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 120
_LOG = logging.getLogger(__name__)


def render_pdf(document: bytes) -> bytes | None:
    """Print a Word document to PDF; None where LibreOffice is not installed, or does not manage it.

    Each document has a LibreOffice of its own, with a profile of its own: one that is open on a desk is not disturbed, and
    its server, which hangs now and then, is not needed.
    """
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        return None
    with TemporaryDirectory() as folder:
        source = Path(folder) / "review.docx"
        source.write_bytes(document)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        asked = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source)]
        try:
            subprocess.run(asked, check=True, capture_output=True, timeout=_SECONDS)
            return source.with_suffix(".pdf").read_bytes()
        except (OSError, subprocess.SubprocessError) as trouble:
            _LOG.warning("LibreOffice printed no PDF: %s", trouble)
            return None
