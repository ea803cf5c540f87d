"""All Vietnamese that people see is plain: sentences of Python and SQL, labels, forms, blank workbooks, pages, DAGs.

What a run writes for the sample is looked at where the sample is built (``test_end_to_end``), the parameters of DAGs where
they are parsed (``dags/test_dags``), the sentences of the dictionary where it is written (``publish/catalogue``).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from ingest.contracts.forms import load_contracts
from ingest.home import DBT_PROJECT, PROJECT_ROOT, SEEDS, VOCABULARY
from publish.templates.issuing import write_templates
from tests.plain_vietnamese import slips_of_text, texts_of

# Vietnamese that is read and never shown: spellings of others, and titles of answers as they once were
_READ_ONLY = {
    "ingest/headers/returned_list.py": ("Mã góp ý", "PHIẾU GÓP Ý VỀ TỆP BÁO CÁO"),
    "publish/feedback/workbook.py": ("Góp ý số liệu", r"\n\nGhi chú của (?:đơn vị|cơ sở): "),
    "ingest/text/syllables.py": ("onsets_before_i_e_ê_y_only", "onsets_never_before_i_e_ê_y"),
    "publish/editions/privacy/spellings.py": None,
    # codes of a printed footer, and the word that a seed has for whoever decided
    "publish/answers/member_matches.py": ('&"…,Italic"&12Chỉ dùng tại văn phòng',),
    "publish/answers/member_decisions.py": ("Văn phòng",),
}
_PERIOD, _UNIT = "2023H1", "U24565"


def files_of(kind: str) -> list[Path]:
    return {
        "Python": [
            path
            for room in ("ingest", "build", "publish", "operations", "dags")
            for path in sorted((PROJECT_ROOT / room).rglob("*.py"))
        ],
        "SQL": [
            path
            for folder in ("models", "macros", "snapshots")
            for path in sorted((DBT_PROJECT / folder).rglob("*.sql"))
            if "generated" not in path.parts
        ],
        "seeds": sorted(SEEDS.glob("*.csv")),
        "words": [
            VOCABULARY / "reasons.yml",
            PROJECT_ROOT / "publish" / "templates" / "wording.yml",
            PROJECT_ROOT / "publish" / "reports" / "sentences" / "figures_vi.yml",
        ],
        "pages": [
            *sorted((PROJECT_ROOT / "dags").glob("*.md")),
            *sorted((PROJECT_ROOT / "publish").rglob("*.j2")),
        ],
    }[kind]


def shown_by(path: Path) -> Iterator[str]:
    name = path.relative_to(PROJECT_ROOT).as_posix()
    not_shown = _READ_ONLY.get(name, ())
    if not_shown is not None:
        yield from (text for text in texts_of(path) if text not in not_shown)


@pytest.mark.parametrize(
    ("kind", "at_least"), [("Python", 700), ("SQL", 150), ("seeds", 300), ("words", 200), ("pages", 40)]
)
def test_what_is_written_for_people_is_plain(kind: str, at_least: int) -> None:
    texts = [(path.name, text) for path in files_of(kind) for text in shown_by(path)]

    assert len(texts) >= at_least
    assert [(name, found) for name, text in texts for found in slips_of_text(text)] == []


def test_what_is_left_out_is_still_there() -> None:
    for name, left_out in _READ_ONLY.items():
        assert set(left_out or ()) <= set(texts_of(PROJECT_ROOT / name)), name


def test_columns_of_forms_and_their_choices_are_plain() -> None:
    contracts = load_contracts()
    labels = [
        text for form in contracts.forms for text in (form.title, *(field.title for field in form.fields))
    ]
    labels += [choice.label for choices in contracts.choice_lists.values() for choice in choices.values()]

    assert len(labels) > 130
    assert [found for label in labels for found in slips_of_text(label)] == []


def test_blank_forms_are_plain(tmp_path: Path) -> None:
    paths = write_templates(tmp_path, _PERIOD, _UNIT).paths
    texts = [text for path in paths for text in texts_of(path)]

    assert len(texts) > 300
    assert [found for text in texts for found in slips_of_text(text)] == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.py", 'def f(name):\n    """Hãy."""\n    return f"Tệp {name} bị từ chối."\n'),
        ("b.py", "QUERY = \"select 'Bản ghi' as label_vi from t\"\n"),
        ("c.sql", "select 'Hãy gửi lại: ' || x -- Hãy\n"),
        ("d.csv", "code,label_vi\na,Đã nộp báo cáo\n"),
        ("e.yml", "a: {wrong: [Tệp mâu thuẫn]}\n"),
        ("f.md", "- Khi chạy: kỳ 2023H1, mỗi ngày.\n"),
        ("g.j2", "<p>{{ title }}</p><p>Xin xem trang này.</p>\n"),
    ],
)
def test_what_is_not_plain_is_noticed_in_every_kind_of_file(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")

    assert len([found for text in texts_of(path) for found in slips_of_text(text)]) == 1


def test_what_is_not_plain_is_noticed_in_a_workbook(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet["A1"] = "Đề nghị nộp lại; cột “hãy” đã sửa"
    sheet["B2"] = "Đúng hạn"
    sheet["B2"].comment = Comment("Đề nghị ghi lại ngày. Đề nghị ghi lại ngày.", "x")
    workbook.save(tmp_path / "a.xlsx")

    found = [slips_of_text(text) for text in texts_of(tmp_path / "a.xlsx")]
    assert [len(slips) for slips in found if slips] == [1, 1]
