"""Which files there are, when they came, and that a second run gives the same bytes."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sample.corpus import UNREADABLE, Corpus
from sample.manifest import manifest

ROOT = Path(__file__).parents[2]
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def _run(*arguments: str, hash_seed: str = "0") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.run(
        [sys.executable, "-m", "sample", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_another_process_writes_the_same_bytes(corpus: Corpus, tmp_path: Path) -> None:
    written = []
    for hash_seed in ("0", "77"):
        inbox = tmp_path / hash_seed / "inbox"
        manifest_path = tmp_path / hash_seed / "manifest.json"
        finished = _run("--into", str(inbox), "--manifest", str(manifest_path), hash_seed=hash_seed)
        assert finished.returncode == 0, finished.stderr
        written.append(
            {
                path.relative_to(inbox).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in inbox.rglob("*")
                if path.is_file()
            }
        )
        assert json.loads(manifest_path.read_text("utf-8")) == json.loads(json.dumps(manifest(corpus)))
    assert written[0] == written[1]
    assert len(written[0]) == len(corpus.files)


def test_no_two_files_are_alike(corpus: Corpus) -> None:
    assert len({hashlib.sha256(file.content).digest() for file in corpus.files}) == len(corpus.files)


def test_every_unit_reports_every_half_year_but_one(corpus: Corpus) -> None:
    sent = Counter((made.unit.key, made.half_year.code) for made, _ in corpus.return_paths)
    assert len(sent) == 9 * 11 - 1
    assert ("U24568", "2021H2") not in sent
    assert [key for key, count in sent.items() if count > 1] == [("U24577", "2022H1")]


def test_formats_are_shared_out_as_offices_have_them(corpus: Corpus) -> None:
    suffixes = Counter(Path(file.path).suffix for file in corpus.files)
    # Returns (8 units of 11, one of 10, one correction), six targets, opening balances, one broken copy, the log.
    assert suffixes == {".xlsx": 5 * 11 + 10 + 1 + 6 + 1 + 1, ".xls": 22, ".ods": 11, ".csv": 6, ".jsonl": 1}


def test_returns_arrive_between_the_10th_and_the_14th(corpus: Corpus, folder: Path) -> None:
    received = {path: _received(folder / path) for _, path in corpus.return_paths}
    astray = {"2022H2/Dur Kmăl.xls", "2022H1/Quang Dien 6 thang dau 2022 (sua lan 1).xlsx"}
    for made, path in corpus.return_paths:
        if path not in astray:
            moment = received[path]
            assert (moment.year, moment.month) == (made.half_year.year, made.half_year.ends_on.month), path
            assert 10 <= moment.day <= 14, path
    assert received["2022H2/Dur Kmăl.xls"].date().isoformat() == "2023-01-09"
    first = received["2022H1/Quang Dien 6 thang dau 2022.xlsx"]
    second = received["2022H1/Quang Dien 6 thang dau 2022 (sua lan 1).xlsx"]
    assert second - first > timedelta(weeks=3)


def test_everything_for_the_last_half_year_is_there_by_its_end(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert max(map(_received, files)) < datetime(2023, 6, 15, tzinfo=VIETNAM)


def test_the_broken_file_is_the_beginning_of_a_workbook(corpus: Corpus) -> None:
    contents = {file.path: file.content for file in corpus.files}
    whole = contents["2022H2/EaNa_6thang_cuoi_2022.xlsx"]
    assert whole.startswith(contents[UNREADABLE])
    assert len(contents[UNREADABLE]) < len(whole)


@pytest.mark.parametrize("inside", ["manifest.json", "deeper/manifest.json"])
def test_a_manifest_inside_the_corpus_is_refused(tmp_path: Path, inside: str) -> None:
    finished = _run("--into", str(tmp_path), "--manifest", str(tmp_path / inside))
    assert finished.returncode == 2
    assert "outside the folder" in finished.stderr
    assert not list(tmp_path.iterdir())


def _received(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, VIETNAM)
