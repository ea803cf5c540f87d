"""Figures of a half-year for DHIS2: the payload of ``POST /api/dataValueSets``, held to its JSON Schema.

Data elements have the codes of the seed ``dhis2_data_elements.csv``, organisation units the project's keys of units, which are
never given again; whoever runs the DHIS2 gives its metadata these codes, or the seed those of the DHIS2. Areas are left to
DHIS2, which adds its units up. What was not reported has no value, and what is withheld has none either: both are left out,
for a missing value is what DHIS2 has for "unknown", and listed in a file beside the payload.

A half-year of the Union ends on 14 June or 14 December; DHIS2 knows that of the calendar (``2023S1``), which is what the half-year
is called by.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb
from jsonschema import Draft202012Validator

from ingest.durable import make_folder, write_file
from ingest.home import OWNER_FILE, SEEDS, WarehouseHome
from ingest.troubles import telling_troubles
from publish.editions.choices import check_half_year, newest_period, open_edition
from publish.reports.review_files import UTF_8

SCHEMA = Path(__file__).with_name("dhis2_data_value_set.schema.json")
SEED = "dhis2_data_elements.csv"
PARTIAL_VI = "Số liệu chưa đầy đủ"
_BY_CODE = {"dataElementIdScheme": "CODE", "orgUnitIdScheme": "CODE", "categoryOptionComboIdScheme": "CODE"}


class NotAPayloadError(ValueError):
    """What would be written is no payload of DHIS2, as when a code of the seed has a blank; the text is Vietnamese."""


class Reason(StrEnum):
    """Why a figure is left out, as it is told."""

    NOT_REPORTED = "chưa báo cáo"
    WITHHELD = "không công bố vì dưới mức tối thiểu"
    NO_CODE = "chỉ tiêu chưa có mã DHIS2"


@dataclass(frozen=True, slots=True)
class DataElement:
    """A data element: the figure of an indicator, or its breakdown by a dimension (a category of DHIS2)."""

    indicator_code: str
    dimension: str
    code: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A figure that has no place in the payload."""

    unit_name: str
    label_vi: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Payload:
    """A payload, and what is not in it; ``period`` is DHIS2's own (``2023S1``)."""

    period: str
    content: dict[str, Any]
    left_out: tuple[LeftOut, ...]

    @property
    def values(self) -> list[dict[str, str]]:
        """Its data values."""
        found: list[dict[str, str]] = self.content["dataValues"]
        return found


@dataclass(frozen=True, slots=True)
class PayloadFiles:
    """A payload, written: the JSON, and a CSV that says what is not in it."""

    json: Path
    left_out: Path
    payload: Payload


def read_data_elements(seeds: Path = SEEDS) -> tuple[DataElement, ...]:
    """Read the seed of data elements."""
    with (seeds / SEED).open(encoding="utf-8", newline="") as lines:
        return tuple(
            DataElement(row["indicator_code"], row["dimension"], row["data_element_code"])
            for row in csv.DictReader(lines)
        )


def six_months_of(period_code: str) -> str:
    """Give the period of DHIS2: ``2023S1`` for ``2023H1``."""
    return period_code.replace("H", "S")


@telling_troubles()
def write_payload(
    home: WarehouseHome, edition: Path, period_code: str | None, seeds: Path = SEEDS
) -> PayloadFiles:
    """Write the figures of a half-year for DHIS2 into ``outbox/exports/dhis2``.

    Args:
        home: the warehouse.
        edition: an edition's DuckDB file.
        period_code: a half-year (``2023H1``); the newest with a return when None.
        seeds: where the seed of data elements lies.

    Raises:
        FileNotFoundError: there is no edition yet.
        UnknownChoiceError: the edition has no such half-year.
        NotAPayloadError: there is no figure to send, or a code of the seed is none that DHIS2 takes.
    """
    with open_edition(edition) as connection:
        period = period_code or newest_period(connection)
        check_half_year(connection, period)
        payload = compose_payload(connection, period, read_data_elements(seeds))
    folder = home.packages / "dhis2"
    make_folder(folder)
    files = PayloadFiles(
        folder / f"dhis2_{period}.json", folder / f"dhis2_{period}_khong_dua_vao.csv", payload
    )
    text = json.dumps(payload.content, ensure_ascii=False, indent=1) + "\n"
    write_file(files.json, text.encode(), OWNER_FILE)
    write_file(files.left_out, UTF_8 + _as_csv(payload.left_out).encode(), OWNER_FILE)
    return files


def compose_payload(
    connection: duckdb.DuckDBPyConnection, period_code: str, elements: tuple[DataElement, ...]
) -> Payload:
    """Compose the payload of a half-year.

    Args:
        connection: an edition, open.
        period_code: a half-year that it knows.
        elements: the data elements that there are.

    Raises:
        NotAPayloadError: see ``write_payload``.
    """
    values: list[dict[str, str]] = []
    left_out: list[LeftOut] = []
    period = six_months_of(period_code)
    by_indicator = {element.indicator_code: element.code for element in elements if not element.dimension}
    for unit_key, unit_name, indicator, label, value, is_partial in _figures(connection, period_code):
        if indicator not in by_indicator:
            left_out.append(LeftOut(unit_name, label, Reason.NO_CODE))
        elif value is None:
            left_out.append(LeftOut(unit_name, label, Reason.NOT_REPORTED))
        else:
            told = _value(by_indicator[indicator], period, unit_key, value)
            values.append(told | {"comment": PARTIAL_VI} if is_partial else told)
    for element in elements:
        for unit_key, unit_name, category, label, value, is_withheld in _parts(
            connection, period_code, element
        ):
            if value is None:
                reason = Reason.WITHHELD if is_withheld else Reason.NOT_REPORTED
                left_out.append(LeftOut(unit_name, label, reason))
            else:
                values.append(
                    _value(element.code, period, unit_key, value)
                    | {"categoryOptionCombo": f"{element.dimension}_{category}".upper()}
                )
    content = {**_BY_CODE, "dataValues": values}
    _check(content)
    return Payload(period, content, tuple(left_out))


def _figures(connection: duckdb.DuckDBPyConnection, period_code: str) -> Iterator[tuple[Any, ...]]:
    yield from connection.execute(
        "select unit_key, unit_name, indicator_code, label_vi, value, is_partial from reviews.halfyear_review"
        " where period_code = ? and not is_area_total order by unit_key, sort_order",
        [period_code],
    ).fetchall()


def _parts(
    connection: duckdb.DuckDBPyConnection, period_code: str, element: DataElement
) -> Iterator[tuple[Any, ...]]:
    if element.dimension:
        yield from connection.execute(
            "select unit_key, unit_name, category_code, indicator_label_vi || ': ' || label_vi, value, is_suppressed"
            " from reviews.member_composition"
            " where period_code = ? and indicator_code = ? and dimension = ? and not is_area_total"
            " order by unit_key, sort_order",
            [period_code, element.indicator_code, element.dimension],
        ).fetchall()


def _value(element: str, period: str, unit_key: str, value: Decimal | int) -> dict[str, str]:
    text = f"{Decimal(value):f}"
    return {
        "dataElement": element,
        "period": period,
        "orgUnit": unit_key,
        "value": text.rstrip("0").rstrip(".") if "." in text else text,
    }


def _check(content: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    wrong = next(Draft202012Validator(schema).iter_errors(content), None)
    if wrong is None:
        return
    if not content["dataValues"]:
        raise NotAPayloadError("Kỳ báo cáo này chưa có số liệu nào để chuyển sang DHIS2.")
    raise NotAPayloadError(
        f"Tệp DHIS2 không đúng quy định ở “{wrong.json_path}”: {wrong.instance!r}."
        f" Đề nghị kiểm tra mã trong tệp {SEED}."
    )


def _as_csv(left_out: tuple[LeftOut, ...]) -> str:
    lines = io.StringIO()
    rows = csv.writer(lines, delimiter=";", lineterminator="\n")
    rows.writerow(["Đơn vị", "Chỉ tiêu", "Lý do không đưa vào"])
    rows.writerows([found.unit_name, found.label_vi, found.reason.value] for found in left_out)
    return lines.getvalue()
