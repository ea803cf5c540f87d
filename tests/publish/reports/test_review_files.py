"""Reviews written for people and for programs: any window, plain refusals, the right numbers in any country."""

import codecs
import csv
import shutil
import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from build.inputs import gather_inputs
from ingest.home import WarehouseHome
from publish.editions.choices import UnknownChoiceError
from publish.editions.issue import publish_edition
from publish.reports.review_files import review_half_year, review_programme, review_year
from tests.publish.small_warehouse import run_sql

# three figures behind the mark look like grouped thousands; the others are what the sample holds
AMOUNTS = (
    "15456",
    "0",
    "0.216",
    "12.345",
    "1234.567",
    "12.5",
    "0.25",
    "-1018",
    "-3195000000",
    "-0.125",
    "999.999",
)
SETTINGS = """<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale"><value>{}</value></prop></item>
</oor:items>"""


def publish(home: WarehouseHome) -> Path:
    instant = datetime(2023, 6, 15, tzinfo=UTC)
    return publish_edition(home, gather_inputs(home, instant), instant, "v1").path


@pytest.fixture
def edition(home: WarehouseHome) -> Path:
    return publish(home)


def test_a_window_is_written_for_people_and_for_programs(edition: Path, home: WarehouseHome) -> None:
    files = review_programme(edition, "plastic_waste", "2022H2", "2023H1", home)

    assert files.csv == home.outbox / "reviews" / "plastic_waste_2022H2_2023H1.csv"
    assert files.plain_csv == home.root / "exports" / "plastic_waste_2022H2_2023H1.csv"
    assert not files.plain_csv.read_bytes().startswith(codecs.BOM_UTF8)
    with files.plain_csv.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["period_code"], float(row["value"])) for row in rows] == [("2022H2", 10), ("2023H1", 15)]
    assert files.rows == 2
    assert duckdb.sql(f"select sum(value) from '{files.parquet}'").fetchall() == [(25,)]


def test_people_get_their_own_words_and_marks(home: WarehouseHome) -> None:
    run_sql(home, "update reviews.halfyear_review set value = 41.5 where unit_key = 'U24565'")
    files = review_half_year(publish(home), "2023H1", home)

    assert files.csv.read_bytes().startswith(codecs.BOM_UTF8)
    with files.csv.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    assert [(row["Tên đơn vị"], row["Thực hiện"], row["Là tổng"]) for row in rows] == [
        ("Xã Ea Bông", "41,5", "không"),
        ("Huyện Krông Ana", "382", "có"),
    ]


def test_people_get_words_for_codes_and_programs_the_codes(home: WarehouseHome) -> None:
    run_sql(home, "alter table reviews.halfyear_review add column value_basis varchar default 'log'")
    run_sql(home, "create table core.dim_code (domain varchar, code varchar, label_vi varchar)")
    run_sql(
        home,
        "insert into core.dim_code values ('value_basis', 'log', 'Sổ theo dõi'), ('other', 'log', 'Khác')",
    )
    files = review_half_year(publish(home), "2023H1", home)

    lines = [path.read_text(encoding="utf-8-sig").splitlines() for path in (files.csv, files.plain_csv)]
    assert [line[1].split(mark)[-1] for line, mark in zip(lines, ";,", strict=True)] == ["Sổ theo dõi", "log"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed on this machine")
def test_a_spreadsheet_reads_the_right_numbers_in_its_country_and_no_wrong_one_in_another(
    home: WarehouseHome, tmp_path: Path
) -> None:
    run_sql(home, "delete from reviews.halfyear_review")
    for number, (amount, other) in enumerate(pairwise((*AMOUNTS, AMOUNTS[0]))):
        run_sql(
            home,
            f"insert into reviews.halfyear_review select 'U{number}', 'Xã; số, {number}', '2023H1', 'plastic_kg', 'Rác',"
            f" 'kg', {amount}, {other}, {amount}::double / nullif({other}, 0), {amount}, {other}, {number} = 0",
        )
    edition = publish(home)
    files = review_half_year(edition, "2023H1", home)
    with duckdb.connect(str(edition), read_only=True) as connection:
        found = connection.execute(
            "from reviews.halfyear_review order by unit_key, indicator_code"
        ).fetchall()
    expected = [[cell for cell in row if is_number(float_of(cell))] for row in map(list, found)]
    assert sum(map(len, expected)) == len(AMOUNTS) * 5 - 1

    for path, delimiter, own, other in (
        (files.csv, ";", "vi-VN", "en-US"),
        (files.plain_csv, ",", "en-US", "vi-VN"),
    ):
        read = opened(path, delimiter, own, tmp_path)
        assert len(read) == len(found)
        for row, numbers in zip(read, expected, strict=True):
            assert [cell for cell in row if is_number(cell)] == pytest.approx(
                [float_of(cell) for cell in numbers], rel=1e-14
            )
        for elsewhere, row in zip(opened(path, delimiter, other, tmp_path), read, strict=True):
            assert len(elsewhere) == len(row)
            assert [
                (told, meant)
                for told, meant in zip(elsewhere, row, strict=True)
                if is_number(told) and told != meant
            ] == []


def float_of(cell: object) -> object:
    return float(cell) if isinstance(cell, Decimal) else cell


def is_number(cell: object) -> bool:
    return isinstance(cell, float)


def opened(path: Path, delimiter: str, locale: str, folder: Path) -> list[list[object]]:
    """Give the rows below the header as LibreOffice reads them with the habits of a country."""
    profile, read = folder / locale, folder / f"{locale} {ord(delimiter)}"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS.format(locale), encoding="utf-8")
    command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "xlsx"]
    # fields quoted by ", UTF-8, from the first line, in the language of the settings
    command += [f"--infilter=CSV:{ord(delimiter)},34,76,1,,0", "--outdir", str(read), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    rows = CalamineWorkbook.from_path(str(read / f"{path.stem}.xlsx")).get_sheet_by_index(0).to_python()
    return [list(row) for row in rows[1:]]


def test_the_newest_half_year_with_a_return_is_the_default(edition: Path, home: WarehouseHome) -> None:
    files = review_half_year(edition, None, home)

    assert (files.csv.name, files.rows) == ("halfyear_2023H1.csv", 2)


def test_the_year_of_a_half_year_is_written_beside_it(home: WarehouseHome) -> None:
    run_sql(
        home,
        "create table reviews.yearly_review as from (values ('U655', 2022, 'plastic_kg', 12.5), ('U655', 2023, 'plastic_kg', 7))"
        " as years (unit_key, report_year, indicator_code, value)",
    )
    files = review_year(publish(home), "2022H2", home)

    assert files is not None
    assert (files.csv.name, files.rows) == ("year_2022.csv", 1)
    assert files.plain_csv.read_text(encoding="utf-8").splitlines()[1] == "U655,2022,plastic_kg,12.5"


def test_an_edition_of_before_there_were_years_has_no_file_of_one(edition: Path, home: WarehouseHome) -> None:
    assert review_year(edition, None, home) is None
    assert not home.reviews.exists()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            ("plastic", "2022H2", "2023H1"),
            "không có phong trào, đề án “plastic”. Đề nghị chọn: Chống rác thải nhựa",
        ),
        (
            ("plastic_waste", "2022H3", "2023H1"),
            "không có kỳ báo cáo “2022H3”. Đề nghị chọn: 6 tháng cuối năm 2022; 6 tháng đầu năm 2023",
        ),
        (("plastic_waste", "2022H2", "2023"), "không có kỳ báo cáo “2023”"),
        (("plastic_waste", "2023H1", "2022H2"), "6 tháng đầu năm 2023. ở sau kỳ cuối .6 tháng cuối năm 2022"),
    ],
)
def test_an_unknown_programme_or_window_is_refused_with_what_is_known(
    edition: Path, home: WarehouseHome, asked: tuple[str, str, str], message: str
) -> None:
    with pytest.raises(UnknownChoiceError, match=message):
        review_programme(edition, *asked, home)
    assert not home.reviews.exists()


def test_before_the_first_edition_there_is_nothing_to_review(home: WarehouseHome) -> None:
    with pytest.raises(FileNotFoundError, match="publish one first"):
        review_programme(home.current, "plastic_waste", "2022H2", "2023H1", home)
