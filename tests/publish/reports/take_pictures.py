"""Looks at the printed reports of a refreshed home and takes the pictures of docs/screens anew, ``make report-pictures``.

What cannot be read on a page is said, and makes the command fail. Needs LibreOffice, by which the refresh printed them.
"""

import sys
from collections import Counter
from io import BytesIO
from pathlib import Path

import docx
import pdfplumber
from docx.oxml.ns import qn
from PIL import Image

from ingest.home import PROJECT_ROOT, WarehouseHome
from tests.papers.printed_pages import off_the_page, overlapping, page_sizes, read_letters, too_small

PICTURES = PROJECT_ROOT / "docs" / "screens"
DOTS_PER_INCH, COLOURS = 80, 32
# the page of which report that begins with or holds these words, and the name of its picture
SHOWN = (
    ("bao-cao-6-thang-", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "report-first-page"),
    ("bao-cao-6-thang-", "Phụ lục 1.", "report-annex"),
    ("tong-ket-", "Biểu đồ 1.", "report-chart"),
)


def main(home: WarehouseHome) -> int:
    """Look at every printed report and keep the pictures; gives the exit code."""
    printed = sorted(home.reports.glob("*/*.pdf"))
    if not printed:
        print(
            f"no printed report in {home.reports}: make refresh, with LibreOffice installed", file=sys.stderr
        )
        return 1
    faults = [
        f"{path.name}: {fault}"
        for path in printed
        for fault in [*faults_of(path), *lost_words(path, path.with_suffix(".docx").read_bytes())]
    ]
    print("\n".join(faults), file=sys.stderr)
    for name, words, picture in SHOWN:
        report = next(path for path in printed if path.name.startswith(name))
        _keep_picture(report, words, PICTURES / f"{picture}.png")
    return 1 if faults else 0


def faults_of(pdf: Path) -> list[str]:
    """Say what of a printed report cannot be read: letters too small, off the page, or over each other."""
    letters = read_letters(pdf)
    return [*too_small(letters), *off_the_page(letters, page_sizes(pdf)), *overlapping(letters)]


def lost_words(pdf: Path, document: bytes) -> list[str]:
    """Give the words that stand more often in a Word document than in its print: what a page has cut off or left out."""
    opened = docx.Document(BytesIO(document))
    texts = [paragraph.text for paragraph in opened.paragraphs]
    texts += [text.text or "" for table in opened.tables for text in table._tbl.iter(qn("w:t"))]
    with pdfplumber.open(pdf) as pages:
        printed = Counter(word for page in pages.pages for word in (page.extract_text() or "").split())
    lost = Counter(word for text in texts for word in text.split()) - printed
    return [f"not printed, {count} times: {word}" for word, count in lost.items()]


def _keep_picture(pdf: Path, words: str, path: Path) -> None:
    with pdfplumber.open(pdf) as pages:
        page = next(page for page in pages.pages if words in (page.extract_text() or ""))
        picture: Image.Image = page.to_image(resolution=DOTS_PER_INCH, antialias=True).original
    picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main(WarehouseHome.from_environment()))
