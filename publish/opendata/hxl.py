"""Hashtags of the Humanitarian Exchange Language, by which relief organisations find columns whatever they are called."""

from collections.abc import Collection
from pathlib import Path

import yaml

TAGS = Path(__file__).with_name("hxl_tags.yml")


def tags_of(columns: Collection[str]) -> str:
    """Give the line of hashtags of some columns; a column that has none is left empty."""
    known: dict[str, str] = yaml.safe_load(TAGS.read_text(encoding="utf-8"))
    return ",".join(known.get(column, "") for column in columns)
