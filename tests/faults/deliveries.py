"""What branches send in while things break: a few files of every kind, a few at a time.

Taken from the sample corpus, so that the loads are short and each still meets every way of reading: workbooks of three
formats, a zip, logs, a file that is cut off, one that is nobody's, the same content twice and a corrected return.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ingest.home import PROJECT_ROOT
from tests.faults.power import sync_file_system

LOG_LINES = 200
_UNITS = ("Ea Bong", "Dray Sap", "Bình Hoà", "Bang Adrenh")
_PERIODS = ("2018H1", "2018H2", "2019H1", "2019H2")
_FROM_ABOVE = (
    "so-dau-ky/So hoi vien dau ky.xlsx",
    "chi-tieu/Chi tieu giao nam 2018.xlsx",
    "chi-tieu/Chi tieu giao nam 2019.xlsx",
)
_ODD = (
    "2022H1/Quang Dien 6 thang dau 2022.xlsx",
    "2022H1/Quang Dien 6 thang dau 2022 (sua lan 1).xlsx",
    "2022H2/Ea Na bo sung (loi).xlsx",
)
_LOGS = ("nhat-ky/nhat ky hoat dong 2018.csv", "nhat-ky/bieu mau dien thoai 2023.jsonl")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Files that arrive together; ``number`` counts from 1, ``files`` lie below ``folder``."""

    number: int
    folder: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """The files, by name."""
        return tuple(sorted(path for path in self.folder.rglob("*") if path.is_file()))


def make_deliveries(scratch: Path, count: int) -> list[Delivery]:
    """Write the files of all deliveries below a folder, unless they lie there, and give the deliveries in order."""
    target = scratch / f"deliveries-{count}"
    if not (target / "complete").exists():
        corpus = scratch / "corpus"
        if not corpus.exists():
            unfinished = scratch / "corpus.part"
            shutil.rmtree(unfinished, ignore_errors=True)
            subprocess.run(
                [sys.executable, "-m", "sample", "--into", str(unfinished)],
                cwd=PROJECT_ROOT,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            unfinished.rename(corpus)
        shutil.rmtree(target, ignore_errors=True)
        for index, (relative, content, time) in enumerate(_files(corpus)):
            path = target / f"{index % count + 1:02d}" / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            os.utime(path, (time, time))
        (target / "complete").touch()
    return [Delivery(number, target / f"{number:02d}") for number in range(1, count + 1)]


def drop(delivery: Delivery, inbox: Path) -> None:
    """Put the files of a delivery into the inbox, bytes and names on the disk, each renamed into place.

    What a branch's copying program had not finished when the power went is not what is tested.
    """
    for file in delivery.files:
        path = inbox / file.relative_to(delivery.folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        arriving = path.with_name(f".arriving-{path.name}")
        shutil.copy2(file, arriving)
        arriving.replace(path)
    sync_file_system(inbox)


def _files(corpus: Path) -> list[tuple[str, bytes, float]]:
    chosen = [*_FROM_ABOVE]
    for period in _PERIODS:
        names = sorted(path.name for path in (corpus / period).iterdir())
        chosen += [f"{period}/{name}" for unit in _UNITS for name in names if unit in name]
    files = [_whole(corpus, name) for name in (*chosen, *_ODD)]
    for name in _LOGS:
        relative, content, time = _whole(corpus, name)
        files.append((relative, b"".join(content.splitlines(keepends=True)[:LOG_LINES]), time))
    zipped = ("2020H1/BC 6T dau nam 2020 - Ea Bong.xlsx", "2020H1/Dray Sap.xls")
    files.append(("2020H1/gui hai xa.zip", *_zip(corpus, zipped)))
    _, content, time = _whole(corpus, chosen[len(_FROM_ABOVE)])
    files.append(("2018H1/gui lai lan nua.xlsx", content, time + 3_600))
    files.append(
        ("linh tinh/so lieu.csv", "".join(f"{n % 10},{n % 7},x\n" for n in range(500)).encode(), time)
    )
    return files


def _whole(corpus: Path, relative: str) -> tuple[str, bytes, float]:
    path = corpus / relative
    return relative, path.read_bytes(), path.stat().st_mtime


def _zip(corpus: Path, names: tuple[str, ...]) -> tuple[bytes, float]:
    path = corpus / "zipped.part"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(Path(name).name), (corpus / name).read_bytes())
    content = path.read_bytes()
    path.unlink()
    return content, (corpus / names[0]).stat().st_mtime + 86_400
