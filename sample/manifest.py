"""What the corpus promises, as one JSON document for tests: published figures, bad rows, files that went
astray.

It is written beside the corpus, never into it, since everything in the corpus is taken for something a branch
sent.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from sample.corpus import UNREADABLE, Corpus
from sample.figures import GOLDEN, TARGET_NEW_MEMBERS_2023H1
from sample.halfyears import LAST, HalfYear
from sample.returns import CORRECTED, LATE, MISSING
from sample.units import DISTRICT_KEY, UNITS


def manifest(corpus: Corpus) -> dict[str, object]:
    """The document as plain JSON values; figures are numbers by half-year, unit key and indicator code."""
    figures: dict[str, dict[str, dict[str, float | int]]] = {}
    for figure in corpus.figures:
        values = {code: _plain(value) for code, value in sorted(figure.values.items())}
        figures.setdefault(figure.half_year.code, {})[figure.unit_key] = values
    last = figures[LAST.code]
    corrected = [
        path for made, path in corpus.return_paths if (made.unit.key, made.half_year) == CORRECTED[:2]
    ]
    return {
        "golden": GOLDEN,
        "golden_period": LAST.code,
        "target_new_members": TARGET_NEW_MEMBERS_2023H1,
        "district": DISTRICT_KEY,
        "bad_rows": [
            {
                "file": row.path,
                "sheet": row.sheet_name,
                "row": row.row_number,
                "field": row.field_name,
                "why": row.why,
            }
            for row in corpus.bad_rows
        ],
        "bad_files": [UNREADABLE],
        "late": _astray(corpus, LATE[0], LATE[1]),
        "corrected": {"unit": CORRECTED[0], "period": CORRECTED[1].code, "files": corrected},
        "missing": {"unit": MISSING[0], "period": MISSING[1].code},
        "files": len(corpus.files),
        "returns": len(corpus.return_paths),
        "log_events": corpus.log_event_count,
        "log_rows": corpus.log_row_count,
        "log_events_in_returns": corpus.shared_event_count,
        "new_members_by_unit": {unit.key: last[unit.key].get("new_members", 0) for unit in UNITS},
        "figures": figures,
    }


def write_manifest(corpus: Corpus, path: Path) -> None:
    """Write the document as UTF-8 JSON.

    Raises:
        OSError: the path cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(manifest(corpus), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _astray(corpus: Corpus, unit_key: str, period: HalfYear) -> dict[str, str]:
    path = next(
        path for made, path in corpus.return_paths if (made.unit.key, made.half_year) == (unit_key, period)
    )
    return {"unit": unit_key, "period": period.code, "file": path}


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
