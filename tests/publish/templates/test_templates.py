"""Blank forms: the reader knows all that is drawn, and what a careful officer fills in comes back without a finding."""

import csv
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ingest.__main__ import main
from ingest.contracts.forms import Contracts, FormContract, load_contracts
from ingest.database import open_read_only
from ingest.home import DBT_PROJECT, FORMS, SEEDS, WarehouseHome
from ingest.loading.load import LoadReport, load_inbox
from publish.templates.addressees import UnknownChoiceError, addressees, next_due
from publish.templates.blank_form import EMPTY_ROWS, TemplateError
from publish.templates.header_plan import HeaderCell, plan_header
from publish.templates.issuing import write_templates
from tests.publish.templates.filled_templates import (
    ROWS,
    column_sum,
    fill,
    first_row,
    form_tables,
    offered,
    validation,
)

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
PERIOD, FIRST_DAY = "2023H1", date(2022, 12, 15)
EA_BONG = "U24565"
CONTRACTS = load_contracts()
UNIT_FORMS = sorted(form.name for form in CONTRACTS.forms if form.attributed_by == "file")
COLLECTED_FORMS = ("opening_balances", "targets")
FORMER = Path(__file__).with_name("former")  # blank forms as they were given out until November 2026


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    return WarehouseHome(tmp_path / "home").prepare()


def load(home: WarehouseHome) -> LoadReport:
    return load_inbox(home, NOW)


def query(home: WarehouseHome, sql: str) -> list[tuple[object, ...]]:
    with open_read_only(home.warehouse) as connection:
        return connection.execute(sql).fetchall()


def blank(home: WarehouseHome, unit_key: str = EA_BONG, period: str = PERIOD) -> Path:
    (path,) = write_templates(home.inbox, period, unit_key).paths
    return path


def collected(home: WarehouseHome, form: str, period: str = PERIOD) -> Path:
    """Write all blank workbooks of a half-year and keep the one that holds a form of the union above."""
    title = CONTRACTS.form(form).title
    issued = write_templates(home.outbox, period)
    (path,) = (path for path in issued.paths if path.name.startswith(title))
    return Path(shutil.copy(path, home.inbox / path.name))


def build_what_people_are_told(home: WarehouseHome) -> None:
    """Build, in one start of dbt, the two tables that say what is wrong with rows, sheets and files."""
    selected = ["--select", "+quarantined_rows", "+findings", "--exclude-resource-type", "test", "unit_test"]
    folders = {"DBT_TARGET_PATH": str(home.dbt / "target"), "DBT_LOG_PATH": str(home.dbt / "logs")}
    finished = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "build", *selected],
        cwd=DBT_PROJECT,
        env={
            **os.environ,
            **folders,
            "WAREHOUSE_DB": str(home.warehouse),
            "DBT_PROFILES_DIR": str(DBT_PROJECT),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout


def test_there_are_forms_to_test():
    assert len(UNIT_FORMS) == 7


@pytest.mark.parametrize("form", UNIT_FORMS)
def test_a_filled_form_comes_back_whole(home: WarehouseHome, form: str):
    path = blank(home)
    assert fill(path, CONTRACTS, FIRST_DAY, only=form) == 1
    report = load(home)
    assert (report.verdicts, report.refused) == ({"accepted": 1}, ())
    assert (report.rows_loaded, report.rows_unplaced) == (ROWS, 0)
    assert query(home, "select unit_key, period_code from raw.submissions") == [(EA_BONG, PERIOD)]
    ((columns, extra, reason),) = query(
        home,
        f"select json_keys(columns), extra_columns::varchar, reason_code from raw.sheet_tables where form_name = '{form}'",
    )
    assert (set(columns), extra, reason) == (set(CONTRACTS.form(form).field_names), "[]", None)
    assert query(home, f"select count(*), min(length(replace(cell_types, '.', ''))) from raw.{form}") == [
        (ROWS, len(CONTRACTS.form(form).fields))
    ]


@pytest.mark.parametrize("form", COLLECTED_FORMS)
def test_a_filled_form_of_the_union_above_comes_back_whole(home: WarehouseHome, form: str):
    fill(collected(home, form), CONTRACTS, FIRST_DAY)
    report = load(home)
    assert (report.verdicts, report.rows_loaded, report.rows_unplaced) == ({"accepted": 1}, ROWS, 0)
    assert query(home, f"select count(*) from raw.{form}") == [(ROWS,)]


@pytest.mark.parametrize("form", UNIT_FORMS)
def test_nothing_to_report_has_a_place_that_the_reader_understands(home: WarehouseHome, form: str):
    """In the pale cell of the first row, which the line above the table and the cell itself explain."""
    path = blank(home)
    workbook = load_workbook(path)
    ((name, table),) = (
        (name, table)
        for name, table in form_tables(path, CONTRACTS)
        if table.form and table.form.name == form
    )
    sheet = workbook[name]
    (place,) = (cell for cell in sheet[first_row(table)] if cell.fill.fgColor.rgb == "FFFFF8E1")
    assert "ghi “Không phát sinh” vào ô tô nhạt ở dòng số 1" in sheet["A6"].value
    rule = validation(sheet, place.coordinate)
    assert rule.prompt.startswith("Trong kỳ không có gì thì ghi “Không phát sinh” vào ô này.")
    assert len(rule.prompt) <= 255
    assert rule.type is None
    place.value = "Không phát sinh"
    workbook.save(path)
    report = load(home)
    assert (report.verdicts, report.rows_loaded, report.rows_unplaced) == ({"accepted": 1}, 0, 0)
    said = query(home, "select form_name from raw.sheet_tables where says_nothing")
    assert said == [(form,)]


def test_blank_forms_of_before_are_still_read(home: WarehouseHome):
    for path in FORMER.glob("*.xlsx"):
        shutil.copy(path, home.inbox)
    paths = sorted(home.inbox.glob("*.xlsx"))
    offered_then = load_workbook(FORMER / "Chỉ tiêu giao 2023.xlsx")["Danh mục"]
    texts = {row[0].value for row in offered_then.iter_rows(max_col=1)}
    assert {"6 tháng", "6 tháng cuối năm", "năm"} <= texts
    assert [fill(path, CONTRACTS, FIRST_DAY) for path in paths] == [1, 7]
    report = load(home)
    assert (report.verdicts, report.rows_loaded, report.rows_unplaced) == ({"accepted": 2}, 8 * ROWS, 0)
    spellings = {
        spelling
        for choice in CONTRACTS.choice_lists["target_period"].values()
        for spelling in (choice.label, *choice.aliases)
    }
    assert {period for (period,) in query(home, "select distinct period from raw.targets")} <= spellings


def test_targets_come_from_the_province_and_speak_of_no_column_that_they_lack(home: WarehouseHome):
    for period, collector in (("2023H1", "Hội LHPN huyện Krông Ana"), ("2026H2", None)):
        workbook = load_workbook(collected(home, "targets", period))
        form = workbook["Chỉ tiêu giao"]
        texts = [cell.value for row in form.iter_rows(max_row=9) for cell in row if cell.value]
        assert "BCH HỘI LHPN TỈNH ĐẮK LẮK" in texts
        assert "HỘI LHPN HUYỆN KRÔNG ANA" not in texts
        assert {"Kỳ", "Tên chỉ tiêu (*)", "Chỉ tiêu giao (*)"} <= set(texts)
        said = " ".join(
            cell.value
            for row in workbook["Hướng dẫn"].iter_rows()
            for cell in row
            if isinstance(cell.value, str)
        )
        for word in ("CCCD", "Ghi chú", "Không phát sinh", "31/02", "nhiều người"):
            assert word not in said
        assert "6 tháng đầu năm; 6 tháng cuối năm; cả năm" in said
        expected = f"Gửi cả tệp cho {collector}." if collector else "BCH Hội LHPN tỉnh Đắk Lắk điền tệp này"
        assert expected in said


def test_signatures_stand_as_decree_30_has_them(home: WarehouseHome):
    sheet = load_workbook(blank(home))["Biểu 01"]
    found = [
        (cell.row, cell.value, cell.font.b, cell.font.i)
        for row in sheet.iter_rows(min_row=sheet.max_row - 6)
        for cell in row
        if isinstance(cell.value, str) and not cell.value.startswith("=")
    ]
    first = found[0][0]
    assert [(row - first, text, bold, italic) for row, text, bold, italic in found] == [
        (0, "Ea Bông, ngày ..... tháng ..... năm 2023", False, True),
        (1, "NGƯỜI LẬP BIỂU", True, False),
        (1, "TM. BAN THƯỜNG VỤ", True, False),
        (2, "(Ký, ghi rõ họ tên)", False, True),
        (2, "CHỦ TỊCH", True, False),
        (3, "(Ký, đóng dấu, ghi rõ họ tên)", False, True),
    ]
    motto = next(cell for cell in sheet[2] if cell.value == "Độc lập - Tự do - Hạnh phúc")
    assert (motto.font.b, motto.font.u) == (True, "single")


@pytest.mark.parametrize(
    ("period", "units"), [("2018H2", 9), ("2025H1", 8), ("2025H2", 3), ("2026H2", 3), ("2030H1", 3)]
)
def test_an_empty_workbook_of_every_unit_is_accepted_without_rows(
    home: WarehouseHome, period: str, units: int
):
    issued = write_templates(home.inbox, period)
    report = load(home)
    assert len(issued.paths) == units + len(COLLECTED_FORMS)
    assert (report.verdicts, report.rows_loaded, report.rows_unplaced) == (
        {"accepted": len(issued.paths)},
        0,
        0,
    )
    attributed = query(home, "select unit_key, period_code from raw.submissions where unit_key is not null")
    assert sorted(attributed) == sorted((unit.unit_key, period) for unit in addressees(period))
    assert query(home, "select count(*) from raw.sheet_tables where reason_code is not null") == [(0,)]
    assert query(home, "select count(*) from raw.control_totals") == [(0,)]
    assert query(home, "select count(*) from raw.sheet_tables") == [(7 * units + 2,)]


def test_a_unit_that_ended_within_the_half_year_gets_a_form_when_it_is_named(home: WarehouseHome):
    assert "U655_CA" not in {unit.unit_key for unit in addressees("2025H1")}
    path = blank(home, "U655_CA", "2025H1")
    sheet = load_workbook(path)["Biểu 01"]
    texts = {cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
    assert {"HỘI LHPN HUYỆN KRÔNG ANA", "HỘI PHỤ NỮ CÔNG AN HUYỆN KRÔNG ANA", "TM. BAN CHẤP HÀNH"} <= texts
    assert "Krông Ana, ngày ..... tháng ..... năm 2025" in texts
    assert load(home).verdicts == {"accepted": 1}
    assert query(home, "select unit_key, period_code from raw.submissions") == [("U655_CA", "2025H1")]


def test_everything_that_drop_downs_offer_passes_every_rule_of_the_warehouse(home: WarehouseHome):
    paths = write_templates(home.inbox, PERIOD).paths
    assert [fill(path, CONTRACTS, FIRST_DAY) for path in paths] == [7] * 9 + [1, 1]
    assert load(home).verdicts == {"accepted": 11}
    build_what_people_are_told(home)
    assert query(home, "select form_name, count(*) from reviews.quarantined_rows group by all") == []
    # the same few women join, move, leave and die in every unit, which is counted on many days with always as many
    # members, and the choices of a target come round again: nobody does that, and the warehouse says so
    of_repeating = (
        "'same_person_twice', 'impossible_order', 'ambiguous_member', 'balance_break', 'target_given_twice'"
    )
    assert (
        query(
            home,
            f"select * exclude message_vi from reviews.findings where finding_kind not in ({of_repeating})",
        )
        == []
    )
    for form in UNIT_FORMS:
        assert query(home, f"select count(*) from staging.stg_{form}") == [(9 * ROWS,)]
    assert query(home, "select sum(amount_vnd)::bigint from staging.stg_support_funds") == [
        (9 * (30 * 1_500_000 + 30 * 98_000),)
    ]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed on this machine")
@pytest.mark.parametrize("file_format", ["xlsx", "ods", "xls"])
def test_a_workbook_saved_by_libreoffice_comes_back_with_its_control_totals(
    home: WarehouseHome, tmp_path: Path, file_format: str
):
    path = blank(home)
    fill(path, CONTRACTS, FIRST_DAY)
    saved = tmp_path / "saved"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        file_format,
        "--outdir",
        str(saved),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    tables = {table.form.name: (name, table) for name, table in form_tables(path, CONTRACTS) if table.form}
    name, table = tables["support_funds"]
    expected = {
        field: column_sum(path, name, table.columns[field], first_row(table))
        for field in ("beneficiaries", "beneficiaries_minority", "amount_vnd")
    }
    path.unlink()
    shutil.copy(saved / f"{path.stem}.{file_format}", home.inbox)
    report = load(home)
    assert (report.verdicts, report.rows_loaded, report.rows_unplaced) == ({"accepted": 1}, 7 * ROWS, 0)
    totals = query(
        home, "select field_name, value::double from raw.control_totals where form_name = 'support_funds'"
    )
    assert expected["amount_vnd"] == 30 * 1_500_000 + 30 * 98_000
    assert dict(totals) == expected
    assert query(home, "select distinct kind from raw.control_totals") == [("total",)]
    assert query(home, "select count(*) from raw.structure_rows where kind = 'total'") == [(7,)]


def test_sums_reach_from_the_column_numbers_to_the_row_above(home: WarehouseHome):
    path = blank(home)
    tables = {table.form.name: (name, table) for name, table in form_tables(path, CONTRACTS) if table.form}
    name, table = tables["support_funds"]
    sheet = load_workbook(path)[name]
    total = first_row(table) + EMPTY_ROWS
    numbers = first_row(table) - 1
    assert sheet.cell(total, 1).value == "Tổng cộng"
    assert sheet[f"G{numbers}"].value == "(7)"
    assert sheet[f"G{total}"].value == f"=SUM(G${numbers}:INDEX(G:G,ROW()-1))"


def test_the_header_is_drawn_as_the_paper_form():
    plan = plan_header(CONTRACTS.form("support_funds"))
    assert plan.depth == 3
    assert plan.cells[:2] == (HeaderCell("STT", 0, 0, 2, 0), HeaderCell("Ngày (*)", 0, 1, 2, 1))
    assert set(plan.cells) >= {
        HeaderCell("Số người được hỗ trợ", 0, 4, 0, 5),
        HeaderCell("Tổng số (*)", 1, 4, 2, 4),
        HeaderCell("Trong đó", 1, 5, 1, 5),
        HeaderCell("DTTS", 2, 5, 2, 5),
        HeaderCell("Kinh phí / Số tiền (*)", 0, 6, 2, 6),
    }
    assert plan_header(CONTRACTS.form("awards")).depth == 1
    trainings = plan_header(CONTRACTS.form("trainings"))
    assert HeaderCell("Trong đó", 1, 9, 1, 10) in trainings.cells
    assert HeaderCell("Thời gian", 0, 4, 0, 5) in trainings.cells


def test_every_column_says_what_is_asked_and_refuses_what_is_wrong(home: WarehouseHome):
    path = blank(home)
    workbook = load_workbook(path)
    rules = {}
    for name, table in form_tables(path, CONTRACTS):
        assert table.form is not None
        for field in table.form.fields:
            rule = validation(
                workbook[name], f"{table.columns[field.name]}{first_row(table) + EMPTY_ROWS - 1}"
            )
            assert 0 < len(rule.promptTitle) <= 32
            assert 20 < len(rule.prompt) <= 255
            assert rule.prompt.startswith("Bắt buộc." if field.is_required else "Không bắt buộc.")
            rules[table.form.name, field.name] = rule
    assert rules["member_changes", "is_core"].formula1 == "list_ticks"
    held = rules["movement_activities", "held_on"]
    assert (held.type, held.formula1, held.formula2) == ("date", "DATE(2016,12,15)", "DATE(2023,6,14)")
    assert "từ 15/12/2022 đến 14/06/2023" in held.prompt
    assert rules["clubs", "founded_on"].formula1 == "DATE(1930,10,20)"
    minority = rules["clubs", "members_minority"]
    assert (minority.type, minority.formula1) == ("whole", "0")
    assert minority.formula2 == 'IF(H11="",1000000000,H11)'
    assert rules["support_funds", "amount_vnd"].type == "decimal"
    assert rules["member_changes", "citizen_id"].formula1.startswith("TEXT(VALUE(O10),")
    strict = {key: bool(rule.showErrorMessage) for key, rule in rules.items()}
    assert strict["support_funds", "kind"]
    assert not strict["support_funds", "beneficiary_group"]
    assert not strict["clubs", "note"]


def test_drop_downs_offer_the_whole_list_and_the_villages_of_the_unit(home: WarehouseHome):
    path = blank(home)
    workbook = load_workbook(path)
    tables = {table.form.name: (name, table) for name, table in form_tables(path, CONTRACTS) if table.form}

    def values(form: str, field: str) -> list[str]:
        name, table = tables[form]
        return offered(workbook, validation(workbook[name], f"{table.columns[field]}{first_row(table)}"))

    ethnic_groups = values("member_changes", "ethnic_group")
    assert (len(ethnic_groups), ethnic_groups[0], ethnic_groups[11]) == (56, "Kinh", "Ê-đê")
    assert "Gia đình 5 không, 3 sạch" in values("awards", "programme")
    assert values("movement_activities", "village") == values("member_changes", "village")
    assert "Thôn 10-3" in values("clubs", "village")
    assert workbook["Danh mục"].sheet_state == "hidden"


def test_merged_communes_are_offered_the_villages_of_their_predecessors(home: WarehouseHome):
    workbook = load_workbook(blank(home, "U24559_2025", "2026H1"))
    offered_values = {row[0].value for row in workbook["Danh mục"].iter_rows(max_col=1)}
    assert "Buôn Ca Krê" in offered_values


def test_pages_are_set_up_for_printing_and_headers_stay_in_sight(home: WarehouseHome):
    workbook = load_workbook(blank(home))
    assert workbook.sheetnames[0] == "Hướng dẫn"
    assert workbook.active.title == "Hướng dẫn"
    sheet = workbook["Biểu 04"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet.freeze_panes == "C11"
    assert sheet.print_title_rows == "$7:$10"
    assert "Trang &P/&N" in sheet.oddFooter.right.text


def test_instructions_name_unit_period_addressee_and_every_column(home: WarehouseHome):
    sheet = load_workbook(blank(home))["Hướng dẫn"]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    whole = "\n".join(texts)
    assert "Đơn vị: Xã Ea Bông" in texts
    assert "6 tháng đầu năm 2023, số liệu từ 15/12/2022 đến hết 14/06/2023" in whole
    assert "Gửi cả tệp cho Hội LHPN huyện Krông Ana." in whole
    assert "“Xã Ea Bông.xlsx”" in whole
    assert "{" not in whole
    for form in UNIT_FORMS:
        assert CONTRACTS.form(form).title in texts
        for field in CONTRACTS.form(form).fields:
            assert any(text.startswith(field.title) for text in texts)


def test_the_same_blank_form_has_the_same_bytes(home: WarehouseHome):
    first = blank(home).read_bytes()
    assert blank(home).read_bytes() == first


def test_names_that_look_like_formulas_stay_text(home: WarehouseHome, tmp_path: Path):
    seeds = Path(shutil.copytree(SEEDS, tmp_path / "seeds"))
    for name, field in (("units.csv", "unit_name"), ("villages.csv", "village_name")):
        rows = list(csv.DictReader((SEEDS / name).open(encoding="utf-8")))
        for row in rows:
            if row["unit_key"] == EA_BONG:
                row[field] = f"=HYPERLINK(1)+{row[field]}"
        with (seeds / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    (path,) = write_templates(home.outbox, PERIOD, EA_BONG, seeds=seeds).paths
    formulas = {
        cell.value
        for sheet in load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    assert path.name == "=HYPERLINK(1)+Xã Ea Bông.xlsx"
    assert formulas
    assert all(formula.startswith(("=SUM(", '="Tổng cộng: "')) for formula in formulas)
    assert "=HYPERLINK(1)+Buôn Ca Krê" in {
        row[0].value for row in load_workbook(path)["Danh mục"].iter_rows()
    }


@pytest.fixture
def with_libraries(tmp_path: Path) -> Contracts:
    """The contracts and one form more, which came in by its contract alone."""
    folder = Path(shutil.copytree(FORMS, tmp_path / "forms"))
    (folder / "libraries.yml").write_text(
        """
name: libraries
title: "Biểu 08: Tủ sách phụ nữ"
description: One row per bookcase.
event_date: opened_on
fields:
  - {name: opened_on, title: Ngày mở, description: Day., type: date, headers: [Ngày mở], constraints: {required: true}}
  - {name: books, title: Số sách (Tổng số), description: Books., type: integer, headers: [Số sách > Tổng số], constraints: {required: true, minimum: 0}}
  - {name: books_law, title: Số sách pháp luật, description: Books on law., type: integer, headers: [Số sách > Pháp luật], constraints: {minimum: 0}}
  - {name: keeper, title: Người giữ, description: Keeper., type: string, headers: [Người giữ]}
""",
        encoding="utf-8",
    )
    return load_contracts(folder)


def test_a_new_form_needs_nothing_but_its_contract(home: WarehouseHome, with_libraries: Contracts):
    (path,) = write_templates(home.inbox, PERIOD, EA_BONG, with_libraries).paths
    assert fill(path, with_libraries, FIRST_DAY, only="libraries") == 1
    report = load_inbox(home, NOW, with_libraries)
    assert (report.verdicts, report.rows_loaded, report.rows_unplaced) == ({"accepted": 1}, ROWS, 0)
    assert query(home, "select count(*), count(books_law) from raw.libraries") == [(ROWS, ROWS)]


def test_a_list_without_values_is_told_by_its_column(home: WarehouseHome, with_libraries: Contracts):
    form = with_libraries.form("libraries")
    keeper = form.fields[-1].model_copy(update={"choices": "keepers"})
    changed: FormContract = form.model_copy(update={"fields": (*form.fields[:-1], keeper)})
    contracts = with_libraries.model_copy(
        update={"forms": (changed,), "choice_lists": {**with_libraries.choice_lists, "keepers": {}}}
    )
    with pytest.raises(TemplateError, match=r"libraries\.keeper: the list keepers is empty"):
        write_templates(home.inbox, PERIOD, EA_BONG, contracts)


def test_the_next_cut_off_decides_the_half_year():
    assert [next_due(day) for day in (date(2023, 6, 14), date(2023, 6, 15), date(2026, 11, 24))] == [
        "2023H1",
        "2023H2",
        "2026H2",
    ]
    with pytest.raises(UnknownChoiceError, match="chưa có kỳ nào kết thúc từ ngày 01/01/2999"):
        next_due(date(2999, 1, 1))


def test_the_command_writes_into_the_outbox_and_refuses_what_it_does_not_know(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setitem(os.environ, "WAREHOUSE_HOME", str(home.root))
    assert main(["templates", "--unit", EA_BONG, "--period", PERIOD]) == 0
    written = home.outbox / "templates" / PERIOD / "Xã Ea Bông.xlsx"
    assert capsys.readouterr().out == f"Đã lập: {written}\n"
    assert [path.name for path in written.parent.iterdir()] == [written.name]
    for arguments, said in (
        (["--period", "2023"], "Không có kỳ báo cáo “2023”"),
        (["--period", PERIOD, "--unit", "U1"], "Không có đơn vị báo cáo “U1”"),
        (["--period", "2026H1", "--unit", EA_BONG], "Xã Ea Bông không có trong kỳ 6 tháng đầu năm 2026"),
    ):
        assert main(["templates", *arguments]) == 1
        assert said in capsys.readouterr().out
