"""From a folder of branch files to the reviews, through Airflow, DuckDB and dbt: the sample corpus in, the published
figures of the district out. One run through Airflow serves all tests that only read; the second warehouse, in which one
row of one workbook is missing, is built without it."""

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import docx
import duckdb
import openpyxl
import pytest

from build.layers import LAYERS
from build.transform import run_layer
from ingest.database import open_read_only
from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.loading.load import load_inbox
from publish.editions.choices import UnknownChoiceError
from publish.reports.documents.word import render_word
from publish.reports.figures.lines import Window
from publish.reports.half_year import write_half_year_review
from publish.reports.programme import write_programme_review
from publish.reports.settings import Layout, ReportSettings
from publish.reports.writing import write_reports_of_refresh
from tests.analyst_questions import as_text, question, questions
from tests.plain_vietnamese import slips_of_text, texts_of_answer
from tests.publish.reports.numbers_in_text import numbers_without_a_place
from tests.publish.reports.office_schema import faults_of_office_file
from tests.sample_run import Run, run_dags
from tests.spark.test_readme import THE_WAY_TO_SPARK

PUBLISHED_2023H1 = {
    "new_clubs": 8,
    "new_club_members": 149,
    "vocational_classes": 4,
    "vocational_trainees": 118,
    "new_rural_works": 26,
    "new_members": 382,
    "awards_collective": 2,
    "awards_individual": 2,
}
DISTRICT = "U655"
EA_BONG = "U24565"
RETURN_OF_EA_BONG = "2023H1/BC 6T dau nam 2023 - Ea Bong.xlsx"
Figures = dict[tuple[str, str, str], Decimal | None]


class DeletedRow(NamedTuple):
    """A support to members in difficulty that is deleted from a return."""

    row: int
    beneficiaries: int
    amount_vnd: int


@pytest.fixture
def edition(first_run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_read_only(first_run.home.current) as connection:
        yield connection


def test_the_published_figures_of_the_district_come_out(edition: duckdb.DuckDBPyConnection):
    figures = {
        code: (value, target, attainment)
        for code, value, target, attainment in edition.execute(
            "select indicator_code, value, target, attainment from reviews.halfyear_review "
            "where unit_key = ? and period_code = '2023H1'",
            [DISTRICT],
        ).fetchall()
    }
    assert {code: figures[code][0] for code in PUBLISHED_2023H1} == PUBLISHED_2023H1
    assert 98_000_000 <= figures["support_in_difficulty_vnd"][0] < 99_000_000
    assert figures["new_members"][1] == 189
    assert float(figures["new_members"][2]) == pytest.approx(382 / 189, abs=1e-6)


def test_a_metric_of_the_edition_is_the_published_figure(first_run: Run, tmp_path: Path):
    answer = tmp_path / "answer.csv"
    finished = subprocess.run(
        [
            *("make", "-o", "setup", "query", f"WAREHOUSE_HOME={first_run.home.root}", f"CSV={answer}"),
            "METRICS=new_members,new_members_target,new_members_attainment,new_rural_works",
            "BY=metric_time__half_year,unit__area_key",
        ],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    with answer.open(encoding="utf-8", newline="") as file:
        newest = list(csv.DictReader(file))[-1]
    assert (newest["metric_time__half_year"], newest["unit__area_key"]) == ("2023H1", DISTRICT)
    assert [float(newest[name]) for name in ("new_members", "new_members_target", "new_rural_works")] == [
        382,
        189,
        26,
    ]
    assert float(newest["new_members_attainment"]) == pytest.approx(382 / 189, abs=1e-6)


# The engine that an analyst's tool brings is rarely the newest; asked for everything that is published.
ASK_EVERYTHING = """
import sys, duckdb
edition = duckdb.connect(sys.argv[1], read_only=True)
tables = edition.execute("select schema_name, table_name from duckdb_tables()").fetchall()
rows = sum(len(edition.execute(f'select * from "{schema}"."{table}"').fetchall()) for schema, table in tables)
over = "select count(*) from core.programme_review_over('plastic_waste', '2018H2', '2023H1')"
((macro,),) = edition.execute("select schema_name from duckdb_functions() where function_name = 'programme_review_over'").fetchall()
((of_macro,),) = edition.execute(over.replace("core.", macro + ".")).fetchall()
((comments,),) = edition.execute("select count(*) from duckdb_columns() where comment is not null").fetchall()
print(len(tables), rows, of_macro, comments)
"""


@pytest.mark.parametrize("version", ["1.2.2", "1.4.5", "1.5.5"])
def test_an_edition_opens_whole_in_the_engines_of_other_tools(version: str, first_run: Run) -> None:
    def asked(*python: str) -> str:
        command = [*python, "-c", ASK_EVERYTHING, str(first_run.home.current)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    uv = PROJECT_ROOT / ".tools" / "bin" / "uv"
    older = asked(
        str(uv), "run", "--quiet", "--no-project", "--with", f"duckdb=={version}", "--with", "pytz", "python"
    )

    assert older == asked(sys.executable)
    assert all(int(count) > 0 for count in older.split())


# What the last lines of a command that the README names say on a home that a refresh has made.
LAST_LINES = {
    'make trace UNIT="Ea Bông" PERIOD=2023H1 INDICATOR=new_rural_works': "Cộng 5 dòng từ 1 tệp: 5 phần việc",
    "make query METRICS=new_members,new_members_attainment BY=metric_time__half_year,unit__area_key": (
        "2023H1                    U655                        382                   2.02116"
    ),
    "make refresh WAREHOUSE_HOME=/some/folder PERIOD=2023H1": "Phiếu phản hồi cho đơn vị: 23 tệp ở",
    (
        'make check-file FILE="/some/folder/inbox/2022H2/Bang Adrenh - bieu mau 6 thang.xlsx" ANSWER=/some/folder/answers'
    ): "Chưa có gì được tổng hợp vào kho số liệu.",
    "make templates": "outbox/templates/",
    "make templates PERIOD=2026H2 UNIT=U24559_2025": "outbox/templates/2026H2/Xã Ea Na.xlsx",
    "make docs": "docs/dbt.html",
    "make matches": "Tệp có họ tên và số CCCD: chỉ dùng tại văn phòng, không gửi đi.",
    "make feedback": '"removed": []',
    "make status": "Công bố bản số liệu",
    "make verify": "Tất cả những gì kiểm tra được đều đúng.",
}


def test_every_command_in_a_block_of_the_readme_is_run_here() -> None:
    text = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S))
    commands = {line.partition("  #")[0].strip() for line in blocks.splitlines() if line}

    # those that move to Spark are followed by tests/spark/test_readme.py
    to_spark = set(THE_WAY_TO_SPARK.findall(text)[0].splitlines())
    of_spark = {line.partition("  #")[0].strip() for line in to_spark}
    assert commands - of_spark - {"make refresh", "make test"} <= set(LAST_LINES)


@pytest.mark.parametrize("command", LAST_LINES)
def test_a_command_of_the_readme_ends_with_what_it_has_done(command: str, first_run: Run) -> None:
    typed = shlex.split(command.replace("/some/folder", str(first_run.home.root)))
    finished = subprocess.run(
        [*typed, "-o", "setup"],
        cwd=PROJECT_ROOT,
        env={**os.environ, "WAREHOUSE_HOME": str(first_run.home.root)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert LAST_LINES[command] in "\n".join(finished.stdout.splitlines()[-8:])


def test_plastic_waste_awards_are_two_collectives_and_two_individuals(edition: duckdb.DuckDBPyConnection):
    awards = edition.execute(
        "select indicator_code, cumulative from reviews.programme_review "
        "where programme_code = 'plastic_waste' and unit_key = ? and period_code = '2023H1' "
        "and indicator_code in ('awards_collective', 'awards_individual')",
        [DISTRICT],
    ).fetchall()
    assert dict(awards) == {"awards_collective": 2, "awards_individual": 2}


def test_the_five_year_review_covers_ten_half_years_and_all_units(edition: duckdb.DuckDBPyConnection):
    periods = edition.execute(
        "select distinct period_code from reviews.programme_review "
        "where programme_code = 'plastic_waste' order by period_code"
    ).fetchall()
    assert [period for (period,) in periods] == [
        "2018H2", "2019H1", "2019H2", "2020H1", "2020H2", "2021H1", "2021H2", "2022H1", "2022H2", "2023H1",
    ]  # fmt: skip
    ((units, rows, expected),) = edition.execute(
        "select count(distinct unit_key), count(*), "
        "count(distinct unit_key) * count(distinct period_code) * count(distinct indicator_code) "
        "from reviews.programme_review where programme_code = 'plastic_waste'"
    ).fetchall()
    assert units == 10  # eight communes, the police base unit, the district
    assert rows == expected


def test_bad_rows_and_the_bad_file_are_where_they_belong_and_nothing_else_is(
    edition: duckdb.DuckDBPyConnection, corpus: tuple[Path, dict[str, object]]
):
    bad_rows = corpus[1]["bad_rows"]
    assert isinstance(bad_rows, list)
    assert len(bad_rows) == 12
    expected = sorted((Path(bad["file"]).name, bad["row"], bad["field"], bad["why"]) for bad in bad_rows)
    found = edition.execute(
        "select file_name, row_number, field_name, reason_code from reviews.quarantined_rows"
    ).fetchall()
    assert sorted(found) == expected
    refused = edition.execute(
        "select file_name, reason_code from meta.submissions where verdict = 'rejected'"
    ).fetchall()
    assert refused == [(Path(path).name, "unreadable_file") for path in corpus[1]["bad_files"]]  # type: ignore[attr-defined]


def test_late_missing_and_corrected_returns_are_told(edition: duckdb.DuckDBPyConnection):
    not_on_time = edition.execute(
        "select distinct unit_key, period_code, status from reviews.submission_completeness "
        "where status <> 'on_time' order by all"
    ).fetchall()
    assert not_on_time == [("U24568", "2021H2", "missing"), ("U24571", "2022H2", "late")]
    versions = edition.execute(
        "select distinct version from reviews.submission_completeness "
        "where unit_key = 'U24577' and period_code = '2022H1'"
    ).fetchall()
    assert versions == [(2,)]


def test_a_view_of_units_alone_holds_no_total_and_is_explained(edition: duckdb.DuckDBPyConnection) -> None:
    views = edition.execute(
        "select view_name, comment from duckdb_views() where schema_name = 'reviews' order by all"
    ).fetchall()
    assert len(views) >= 9
    for view, comment in views:
        assert comment.startswith("One row per row of ") and "none that is an area's." in comment, view
        assert edition.execute(f"select count(*) from reviews.{view} where is_area_total").fetchone() == (0,)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        (
            "select sum(additive_value) from reviews.{}"
            " where indicator_code = 'members_closing' and period_code = '2021H2'",
            13360,
        ),
        ("select sum(additive_value) from reviews.{} where indicator_code = 'plastic_kg'", 112984),
    ],
    ids=["a stock that one unit did not report", "a flow over all half-years"],
)
@pytest.mark.parametrize(
    "table",
    [
        f"{table}{map_}{part}"
        for table in ("indicator_values", "halfyear_review")
        for map_ in ("", "_as_is")
        for part in ("", "_units")
    ],
)
def test_whoever_adds_up_without_looking_gets_the_district(
    table: str, query: str, answer: int, edition: duckdb.DuckDBPyConnection
) -> None:
    assert edition.execute(query.format(table)).fetchone() == (answer,)


def test_sums_of_one_column_answer_what_its_name_says(edition: duckdb.DuckDBPyConnection) -> None:
    funds = edition.execute(
        "select sum(given_vnd), sum(loan_vnd), sum(amount_vnd), count(*) filter (is_loan <> (given_vnd is null))"
        " from core.fct_support_funds"
    ).fetchone()
    assert funds is not None
    given, lent, amount, contradicting = funds
    assert (given + lent, contradicting) == (amount, 0)
    assert 0 < given < lent
    assert edition.execute(
        "select sum(raised_vnd) from core.fct_movement_activities where programme_code = 'plastic_waste'"
    ).fetchone() == (628450000,)
    assert edition.execute(
        "select sum(employed_after), sum(trainees_followed) from core.fct_trainings"
    ).fetchone() == (934, 1305)


def test_a_window_of_which_nothing_is_known_yet_is_refused(edition: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.Error, match="Chưa có số liệu của kỳ nào từ 2024H1 đến 2025H2"):
        edition.execute("from reviews.programme_review_over('plastic_waste', '2024H1', '2025H2')").fetchall()


def test_the_page_for_analysts_asks_thirty_questions() -> None:
    assert len(questions()) >= 30


@pytest.mark.parametrize("heading", questions())
def test_a_question_of_an_analyst_has_the_answer_that_the_page_gives(
    heading: str, edition: duckdb.DuckDBPyConnection
) -> None:
    query, answer = questions()[heading]
    assert as_text(edition.execute(query)) == answer


def test_an_analyst_finds_who_has_not_reported(edition: duckdb.DuckDBPyConnection):
    found = edition.execute(question("Who has not reported")).fetchall()
    assert [row[:3] for row in found] == [("2021H2", "Xã Băng Adrênh", 7)]
    assert str(found[0][3]).startswith("Biểu 01: Biến động hội viên: Chưa gửi; Biểu 02")


def test_an_analyst_finds_the_commune_with_most_plastic_per_member(edition: duckdb.DuckDBPyConnection):
    collected = dict(
        edition.execute(
            "select unit_key, sum(quantity) from core.fct_movement_activities where programme_code = 'plastic_waste'"
            " and activity_type = 'collection' and uom = 'kg' and period_code between '2018H2' and '2023H1' group by 1"
        ).fetchall()
    )
    members = dict(
        edition.execute(
            "select unit_key, closing_members from core.fct_membership_halfyear where period_code = '2023H1'"
        ).fetchall()
    )
    # today's communes and what they were put together from, as the law of 2025 says
    parts = {
        "Xã Krông Ana": ("U24538", "U24574", "U24577"),
        "Xã Ea Na": ("U24559", "U24556", "U24565"),
        "Xã Dur Kmăl": ("U24568", "U24571"),
    }
    by_hand = {
        name: (sum(collected[key] for key in keys), sum(members[key] for key in keys))
        for name, keys in parts.items()
    }
    found = edition.execute(question("Which commune collected most plastic per member")).fetchall()
    assert {name: (kilograms, count) for name, kilograms, count, _ in found} == by_hand
    assert found[0][0] == "Xã Dur Kmăl"
    assert found[0][3] == pytest.approx(22_211 / 2_574, abs=0.001)
    assert [row[3] for row in found] == sorted((row[3] for row in found), reverse=True)


def test_an_analyst_finds_where_the_26_works_are_listed(edition: duckdb.DuckDBPyConnection, first_run: Run):
    found = edition.execute(question("Where are the 26 works")).fetchall()
    assert (len(found), sum(row[4] for row in found)) == (26, 26)
    unit_name, file_name, sheet_name, row_number, _ = found[0]
    assert unit_name == "Thị trấn Buôn Trấp"
    (path,) = first_run.home.inbox.rglob(str(file_name))
    cells = [str(cell.value) for cell in openpyxl.load_workbook(path)[str(sheet_name)][int(row_number)]]
    assert any("công trình" in cell.lower() for cell in cells), cells


def test_nothing_was_issued_before_so_nothing_is_restated(edition: duckdb.DuckDBPyConnection):
    assert edition.execute(question("What changed since the paper")).fetchall() == []


def test_the_district_keeps_the_members_of_the_unit_that_did_not_report(edition: duckdb.DuckDBPyConnection):
    found = edition.execute(
        "select unit_key, value, carried_value, reporting_unit_count from reviews.halfyear_review"
        " where period_code = '2021H2' and indicator_code = 'members_closing'"
    ).fetchall()
    figures = {unit: tuple(rest) for unit, *rest in found}
    assert figures["U24568"] == (None, 1064, 0)
    reported = sum(value for unit, (value, _, _) in figures.items() if unit != DISTRICT and value is not None)
    assert figures[DISTRICT] == (reported + 1064, 1064, 8)


def test_years_are_what_their_half_years_brought(edition: duckdb.DuckDBPyConnection):
    def of_units(indicator: str) -> dict[str, int]:
        return dict(
            edition.execute(
                "select year_label_vi, sum(additive_value)::bigint from reviews.yearly_review_units"
                f" where indicator_code = '{indicator}' group by report_year, year_label_vi order by report_year"
            ).fetchall()
        )

    half = "6 tháng đầu năm 2023"
    assert of_units("plastic_kg") == {
        "Năm 2018": 12228,
        "Năm 2019": 26262,
        "Năm 2020": 18336,
        "Năm 2021": 17620,
        "Năm 2022": 23082,
        half: 15456,
    }
    assert of_units("members_closing")["Năm 2021"] == 13360
    assert of_units("members_closing")[half] == 14037
    assert {indicator: of_units(indicator)[half] for indicator in PUBLISHED_2023H1} == PUBLISHED_2023H1
    assert 98_000_000 <= of_units("support_in_difficulty_vnd")[half] < 99_000_000


def test_no_row_is_lost(edition: duckdb.DuckDBPyConnection):
    ((sheets, remainder),) = edition.execute(
        "select count(*), sum(abs(remainder)) from reviews.conservation_ledger"
    ).fetchall()
    assert sheets > 700
    assert remainder == 0


def test_the_edition_is_read_only_and_the_account_names_it(
    first_run: Run, edition: duckdb.DuckDBPyConnection
):
    assert first_run.home.current.stat().st_mode & 0o222 == 0
    ((edition_id,),) = edition.execute("select edition_id from meta.edition").fetchall()
    assert edition_id in first_run.said
    assert re.search(r"Hội viên mới phát triển\s+người\s+382\s+189\s+202,11 %", first_run.said)
    assert list((first_run.home.outbox / "reviews").iterdir())


def test_the_officers_page_tells_the_figures_of_the_edition_and_what_is_refused(first_run: Run):
    page = (first_run.home.outbox / "status.html").read_text(encoding="utf-8")
    assert re.search(r"Hội viên mới phát triển.*?>382<.*?>189<.*?>202,11 %<.*?>338<", page)
    assert ">98.450.000<" in page
    assert "Ea Na bo sung (loi).xlsx" in page
    assert len(page.encode()) < 500_000
    shelf = (first_run.home.outbox / "index.html").read_text(encoding="utf-8")
    links = [unquote(link) for link in re.findall(r'href="([^"#]+)"', shelf)]
    assert {"status.html", "data_dictionary.html", "reviews/halfyear_2023H1.csv"} <= set(links)
    assert [link for link in links if not (first_run.home.outbox / link).exists()] == []


def test_what_the_sample_sends_back_and_tells_is_plain_vietnamese(first_run: Run) -> None:
    answers = sorted(first_run.home.feedback.rglob("*.xlsx"))
    texts = [text for path in answers for text in texts_of_answer(path)]
    for path in sorted(first_run.home.reviews.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            header, *rows = csv.reader(lines, delimiter=";")
        texts += [*header, *{text for row in rows for text in row if not text.isascii()}]
    # what was found at fault names files of branches
    texts += [
        re.sub(r"/\S+|edition_\w+", "…", line) for line in first_run.said.splitlines() if ".xlsx" not in line
    ]

    assert len(answers) > 20 and len(texts) > 500
    assert [found for text in texts for found in slips_of_text(re.sub(r" {2,}", " ", text))] == []


def test_no_name_and_no_citizen_id_is_published(first_run: Run):
    with duckdb.connect(str(first_run.home.warehouse), read_only=True) as warehouse:
        names = {
            str(value)
            for row in warehouse.execute("select full_name, citizen_id from raw.member_changes").fetchall()
            for value in row
            if value is not None
        }
    assert len(names) > 1000
    for page in first_run.home.outbox.glob("*.html"):
        # a name of three words or a number; a given name alone may be a word of any sentence
        words = page.read_text(encoding="utf-8")
        assert [name for name in names if len(name.split()) > 2 or name.isdigit()] != []
        assert [name for name in names if (len(name.split()) > 2 or name.isdigit()) and name in words] == []
    with open_read_only(first_run.home.current) as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where schema_name in ('core', 'reviews', 'meta') and data_type = 'VARCHAR'"
        ).fetchall()
        assert columns
        for schema, table, column in columns:
            values = connection.execute(f'select distinct "{column}" from {schema}."{table}"').fetchall()
            assert not names & {str(value) for (value,) in values}, f"{schema}.{table}.{column}"


def test_running_again_loads_nothing_makes_no_duplicate_and_says_so(first_run: Run):
    before = sorted(path.name for path in first_run.home.editions.iterdir())
    said = run_dags(first_run.home)
    assert "Không có gì mới" in said
    assert sorted(path.name for path in first_run.home.editions.iterdir()) == before


def figures_of(home: WarehouseHome) -> Figures:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return {
            (unit, period, indicator): value
            for unit, period, indicator, value in connection.execute(
                "select unit_key, period_code, indicator_code, value from reviews.halfyear_review"
            ).fetchall()
        }


def ledger_of(home: WarehouseHome) -> dict[tuple[str, int], tuple[int, ...]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return {
            (file_name, sheet_number): tuple(counts)
            for file_name, sheet_number, *counts in connection.execute(
                "select file_name, sheet_number, rows_seen, rows_loaded, rows_quarantined, remainder "
                "from reviews.conservation_ledger where period_code = '2023H1'"
            ).fetchall()
        }


def delete_a_support_row(path: Path) -> DeletedRow:
    """Delete the first support to members in difficulty that is no loan; gives what stood in it (ĐVT: triệu đồng)."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Biểu 04"]
    for row in range(1, sheet.max_row):
        cells = [cell.value for cell in sheet[row]]
        texts = [str(cell).lower() for cell in cells if cell is not None]
        if any("khó khăn" in text for text in texts) and not any("vốn" in text for text in texts):
            amount = Decimal(str(cells[6]).replace(".", "").replace(",", "."))
            deleted = DeletedRow(row, int(str(cells[4])), int(amount * 1_000_000))
            sheet.delete_rows(row)
            workbook.save(path)
            return deleted
    raise AssertionError("no such row in the sample")


def test_deleting_one_row_changes_exactly_the_figures_it_should(first_run: Run, tmp_path: Path):
    home = WarehouseHome(tmp_path / "home")
    shutil.copytree(first_run.home.inbox, home.inbox)
    path = home.inbox / RETURN_OF_EA_BONG
    received = path.stat().st_mtime
    deleted = delete_a_support_row(path)
    os.utime(path, (received, received))
    now = datetime.now(UTC)
    load_inbox(home, now)
    for layer in LAYERS:
        run_layer(home, layer, now)

    before, after = figures_of(first_run.home), figures_of(home)
    changed = {key: after[key] - (before[key] or 0) for key in before if before[key] != after[key]}  # type: ignore[operator]
    assert before.keys() == after.keys()
    assert changed == {
        (unit, "2023H1", indicator): -difference
        for unit in (EA_BONG, DISTRICT)
        for indicator, difference in (
            ("support_in_difficulty_vnd", deleted.amount_vnd),
            ("support_total_vnd", deleted.amount_vnd),
            ("support_beneficiaries", deleted.beneficiaries),
        )
    }

    ledger_before, ledger_after = ledger_of(first_run.home), ledger_of(home)
    shrunk = {
        key: (ledger_before[key], ledger_after[key])
        for key in ledger_before
        if ledger_before[key] != ledger_after[key]
    }
    ((file_name, _), (was, now_is)) = shrunk.popitem()
    assert not shrunk
    assert file_name == Path(RETURN_OF_EA_BONG).name
    assert (was[0] - now_is[0], was[1] - now_is[1], was[2] - now_is[2]) == (1, 1, 0)
    assert now_is[3] == 0


def test_a_refresh_writes_the_report_with_the_published_figures_in_its_sentences(first_run: Run) -> None:
    folder = first_run.home.outbox / "reports" / "bao-cao-6-thang-2023H1"
    assert {path.suffix for path in folder.iterdir()} >= {".docx", ".xlsx", ".html"}
    assert (folder.parent / "tong-ket-plastic_waste-2018H2-2023H1").is_dir()
    text = "\n".join(
        line.text for line in docx.Document(str(folder / "bao-cao-6-thang-2023H1.docx")).paragraphs
    )
    for published in (
        "Thành lập mới 8 mô hình, câu lạc bộ với 149 thành viên",
        "Mở 4 lớp dạy nghề cho 118 học viên",
        "Thực hiện 26 công trình, phần việc xây dựng nông thôn mới, đô thị văn minh",
        "Trong đó hỗ trợ hội viên có hoàn cảnh khó khăn hơn 98 triệu đồng",
        "Phát triển mới 382 hội viên, đạt 202,11 % so với chỉ tiêu giao (189 hội viên)",
        "có 2 tập thể được khen thưởng; có 2 cá nhân được khen thưởng",
    ):
        assert published in text


@pytest.mark.parametrize("period", ["2018H1", "2021H2", "2022H2", "2023H1"])
def test_every_number_of_a_half_year_report_stands_in_its_annexes(first_run: Run, period: str) -> None:
    with open_read_only(first_run.home.current) as edition:
        review = write_half_year_review(edition, period, ReportSettings())
    assert numbers_without_a_place(review, ReportSettings()) == []


@pytest.mark.parametrize(
    "window",
    [
        Window("plastic_waste", "2018H2", "2023H1"),
        Window("plastic_waste", "2018H2", "2023H1", is_of_today=True),
        Window("godmother", "2021H1", "2023H1"),
        Window("project_939", "2019H2", "2020H1"),
    ],
)
def test_every_number_of_a_programme_review_stands_in_its_annexes(first_run: Run, window: Window) -> None:
    with open_read_only(first_run.home.current) as edition:
        review = write_programme_review(edition, window, ReportSettings())
    assert numbers_without_a_place(review, ReportSettings()) == []


def test_every_document_of_the_sample_is_valid_by_the_schema_of_office(first_run: Run) -> None:
    written = [path for ending in ("docx", "xlsx") for path in first_run.home.reports.glob(f"*/*.{ending}")]
    assert len(written) >= 4
    with open_read_only(first_run.home.current) as edition:
        reviews = (
            write_half_year_review(edition, "2023H1", ReportSettings()),
            write_programme_review(
                edition, Window("plastic_waste", "2018H2", "2023H1", is_of_today=True), ReportSettings()
            ),
        )
    documents = [(path.read_bytes(), path.suffix[1:]) for path in written]
    documents += [
        (render_word(review, ReportSettings(layout=layout)), "docx")
        for review in reviews
        for layout in Layout
    ]
    assert [
        fault for document, ending in documents for fault in faults_of_office_file(document, ending)
    ] == []


def test_a_programme_is_annexed_by_half_year_and_unit(first_run: Run) -> None:
    with open_read_only(first_run.home.current) as edition:
        review = write_programme_review(
            edition, Window("plastic_waste", "2018H2", "2023H1"), ReportSettings()
        )
    table = next(table for table in review.tables if table.title == "Kết quả từng kỳ báo cáo theo đơn vị")
    collected = [row for row in table.rows if row[1].startswith("Rác thải nhựa")]
    assert [row[3] for row in collected][:2] == ["6T\u00a0cuối\u00a02018", "6T\u00a0đầu\u00a02019"]
    assert (len(collected), collected[-1][-1]) == (10, 15456)
    assert sum(row[-1] for row in collected) == 112984


def test_a_half_year_without_data_is_refused_and_a_window_ends_with_the_data(first_run: Run) -> None:
    with open_read_only(first_run.home.current) as edition:
        with pytest.raises(UnknownChoiceError, match="Chưa có số liệu của 6 tháng cuối năm 2023"):
            write_half_year_review(edition, "2023H2", ReportSettings())
        open_ended = write_programme_review(
            edition, Window("new_rural", "2018H1", "2030H2"), ReportSettings()
        )
        closing = write_programme_review(
            edition, Window("plastic_waste", "2018H2", "2023H1"), ReportSettings()
        )
    assert open_ended.subtitle.endswith("đến 6 tháng đầu năm 2023")
    told = "\n".join(sentence for section in open_ended.sections for sentence in section.sentences)
    assert "Chưa có số liệu của một phần giai đoạn" in told
    assert "6 tháng cuối năm 2030 là" not in told
    results = closing.section("ket_qua").sentences
    assert "Chưa có báo cáo: xã Băng Adrênh (6 tháng cuối năm 2021)." in results
    assert any("COVID-19" in sentence for sentence in results)


def test_a_refresh_of_a_half_year_that_nobody_has_reported_on_tells_so_and_goes_on(
    first_run: Run, tmp_path: Path
) -> None:
    told: list[str] = []
    home = WarehouseHome(tmp_path).prepare()
    write_reports_of_refresh(first_run.home.current, "2026H2", home, told.append)
    assert [path.name for path in home.reports.iterdir()] == ["tong-ket-plastic_waste-2018H2-2023H1"]
    assert any("Chưa có số liệu của 6 tháng cuối năm 2026" in line for line in told)
