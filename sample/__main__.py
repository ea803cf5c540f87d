"""Command line: write the sample corpus into a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from sample.corpus import build_corpus, write_corpus
from sample.manifest import write_manifest


def main() -> None:
    """Read the arguments, write the files, say what was written."""
    parser = argparse.ArgumentParser(
        prog="python -m sample",
        description=(
            "Write a made-up district's files: the half-year returns of eight communes and a police base union from "
            "2018 to mid-2023, yearly targets, opening balances and an activity log. The same bytes on every run. "
            "Among the files are, on purpose, a late, a corrected and a missing return, twelve bad rows and one "
            "unreadable workbook."
        ),
    )
    parser.add_argument(
        "--into", type=Path, required=True, metavar="DIR", help="folder to write the files into"
    )
    parser.add_argument(
        "--manifest",
        type=Path,
        metavar="PATH",
        help="also write what the files add up to, as JSON, to a path outside DIR; tests use it",
    )
    arguments = parser.parse_args()
    into: Path = arguments.into
    path: Path | None = arguments.manifest
    if path is not None and path.resolve().is_relative_to(into.resolve()):
        parser.error(
            "the manifest must lie outside the folder of the files, or it would be taken for one of them"
        )
    corpus = build_corpus()
    write_corpus(corpus, into)
    if path is not None:
        write_manifest(corpus, path)
    print(f"{len(corpus.files)} files written to {into}")


if __name__ == "__main__":
    main()
