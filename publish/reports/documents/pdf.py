"""A Word document as PDF, where LibreOffice is installed; without it there is none, and it is said why."""

import logging
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

_PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 120
_LOG = logging.getLogger(__name__)


class NoPdfError(RuntimeError):
    """There is no PDF; the text is Vietnamese and says why not, and what to do."""


def render_pdf(document: bytes) -> bytes:
    """Print a Word document to PDF.

    Each document has a LibreOffice of its own, with a profile of its own: one that is open on a desk is not disturbed, and
    its server, which hangs now and then, is not needed.

    Raises:
        NoPdfError: LibreOffice is not installed, was not done in time, or has failed; the text says which.
    """
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise NoPdfError("máy không cài LibreOffice")
    with TemporaryDirectory() as folder:
        source = Path(folder) / "review.docx"
        source.write_bytes(document)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        asked = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source)]
        try:
            subprocess.run(asked, check=True, capture_output=True, timeout=_SECONDS)
            return source.with_suffix(".pdf").read_bytes()
        except subprocess.TimeoutExpired as trouble:
            raise NoPdfError(f"LibreOffice in quá {_SECONDS} giây chưa xong; {_INSTEAD}") from trouble
        except (OSError, subprocess.SubprocessError) as trouble:
            _LOG.warning("LibreOffice printed no PDF: %s", trouble)
            raise NoPdfError(f"LibreOffice không in được tệp này; {_INSTEAD}") from trouble


_INSTEAD = "đề nghị lập lại báo cáo, hoặc mở tệp Word rồi lưu thành PDF"
