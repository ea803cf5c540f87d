"""Prints one of each kind of paper and takes the pictures of docs/papers anew, ``make papers``.

All pages go into a folder to be looked at, as PDF and as PNG; what cannot be read on them is said, and makes the command
fail. Needs LibreOffice and a font with the letters' widths of Times New Roman (Debian: ``fonts-liberation``).
"""

import sys
import tempfile
import unicodedata
from pathlib import Path

import pdfplumber
from PIL import Image

from ingest.home import PROJECT_ROOT
from tests.papers import printed_pages
from tests.papers.kinds_of_paper import papers

PICTURES = PROJECT_ROOT / "docs" / "papers"
DOTS_PER_INCH = 96
COLOURS = 32  # of a picture: paper, ink, and a few fills
# which page of which paper is shown, under which name
SHOWN = (
    ("bieu-mau", "HƯỚNG DẪN", "huong-dan"),
    ("bieu-mau", "BIỂU 01", "bieu-mau"),
    ("bieu-mau", "NGƯỜI LẬP BIỂU", "chu-ky"),
    ("chi-tieu-giao", "CỘNG HÒA", "chi-tieu-giao"),
    ("bieu-da-dien", "BIỂU 04", "bieu-da-dien"),
    ("phan-hoi", "PHIẾU PHẢN HỒI", "phan-hoi"),
    ("phan-hoi-tep-hong", "PHIẾU PHẢN HỒI", "phan-hoi-tep-hong"),
    ("phan-hoi-so-theo-doi", "Mã hoạt động", "phan-hoi-so-theo-doi"),
    ("doi-chieu-hoi-vien", "Vì sao", "doi-chieu-hoi-vien"),
)


def main(folder: Path) -> int:
    """Print, look, and keep the pictures; gives the exit code."""
    if not printed_pages.has_font_of_same_widths():
        print("Times New Roman or Liberation Serif is needed: apt install fonts-liberation", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        contents = {paper.name: paper.content for paper in papers(Path(made))}
    pdfs = printed_pages.print_workbooks(contents, folder)
    faults = [f"{name}: {fault}" for name, pdf in pdfs.items() for fault in _faults(pdf)]
    for name, pdf in pdfs.items():
        _draw_pages(name, pdf)
    PICTURES.mkdir(exist_ok=True)
    for name, words, picture in SHOWN:
        _keep_picture(pdfs[name], words, PICTURES / f"{picture}.png")
    print(folder)
    print("\n".join(faults), file=sys.stderr)
    return 1 if faults else 0


def _faults(pdf: Path) -> list[str]:
    letters = printed_pages.read_letters(pdf)
    return [
        *printed_pages.too_small(letters),
        *printed_pages.off_the_page(letters, printed_pages.page_sizes(pdf)),
        *printed_pages.overlapping(letters),
        *printed_pages.cut_off(letters),
        *printed_pages.not_printed(pdf.with_suffix(".xlsx"), letters),
    ]


def _draw_pages(name: str, pdf: Path) -> None:
    with pdfplumber.open(pdf) as printed:
        for page in printed.pages:
            picture = page.to_image(resolution=DOTS_PER_INCH, antialias=True).original
            picture.save(pdf.with_name(f"{name}-{page.page_number:02d}.png"))


def _keep_picture(pdf: Path, words: str, path: Path) -> None:
    with pdfplumber.open(pdf) as printed:
        page = next(
            page for page in printed.pages if words in unicodedata.normalize("NFC", page.extract_text() or "")
        )
        picture: Image.Image = page.to_image(resolution=DOTS_PER_INCH, antialias=True).original
    picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
