"""What keeps a Vietnamese text from being plain: a word that the field does not use, a code, a slip of typing.

Words stand in ``words_not_to_say.yml``; any test of texts for people may ask here, and get the texts of a file from here
as well: sentences of Python and SQL, labels of seeds, words of YAML, what a workbook shows, a page.
"""

import ast
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from openpyxl import load_workbook

WORDS = Path(__file__).with_name("words_not_to_say.yml")

_SLIPS = {
    "code of a half-year": re.compile(r"\d{4}H[12]"),
    "key of a unit": re.compile(r"\bU\d{3,}"),
    "name of a column": re.compile(r"[a-z]+_[a-z]+"),
    "double space": re.compile(r"  "),
    "space before a mark": re.compile(r" [,.;:?!]"),
    "quotation marks": re.compile(r"[\"„«»]"),
    # the tone stands on the first vowel of oa, oe, uy: hóa, khỏe, lũy
    "place of the tone": re.compile(r"o[àáảãạèéẻẽẹ]\b|(?<!q)u[ỳýỷỹỵ]\b", re.IGNORECASE),
}


_VIETNAMESE = re.compile(
    "[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE
)
_PLACE = re.compile(r"\{\{.*?\}\}|\{[\w.:!]*\}|%[sd]|\.{5,}")  # where a value or a hand fills in
_QUOTED = re.compile(r"“[^”]*”|=?\"…\"")  # what somebody else has written, and what is to be typed
_KIND_OF_FILE = re.compile(r"\s\.(?=\w)")  # a .zip file
_SQL_COMMENT = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)
_SQL_TEXT = re.compile(r"'((?:[^'\n]|'')*)'")
_MARKUP = re.compile(r"<style.*?</style>|<script.*?</script>|<[^>]*>|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


_SAID_OF_A_FILE = frozenset({"Kính gửi", "Kỳ báo cáo", "Kết quả", "Lưu ý", "Cần làm"})


@dataclass(frozen=True, slots=True)
class _Word:
    say: str
    pattern: re.Pattern[str]
    unless: tuple[str, ...]


def slips(text: str) -> list[str]:
    """Name what is wrong with a label or a sentence; nothing where it is plain."""
    found = [f"{name}: {text}" for name, pattern in _SLIPS.items() if pattern.search(text)]
    for word in _words():
        rest = text.casefold()
        for term in word.unless:
            rest = rest.replace(term.casefold(), "…")
        found += [f"{said} (say: {word.say}): {text}" for said in word.pattern.findall(rest)]
    return found


def slips_of_text(text: str) -> list[str]:
    """Name what is wrong with a text of any length, leaving out what others wrote and what is filled in."""
    found = []
    for line in text.splitlines():
        plain = _KIND_OF_FILE.sub(" ", _QUOTED.sub("“…”", _PLACE.sub("…", line.strip())))
        found += slips(plain)
        sentences = [sentence for sentence in re.split(r"(?<=[.;?])\s+", plain) if len(sentence) > 3]
        found += [f"said twice: {text}"] * (len(sentences) != len(set(sentences)))
        found += [f"an error of the code: {text}"] * ("Error" in plain)
    return found


def texts_of(path: Path) -> Iterator[str]:
    """Give the Vietnamese that a file shows to people, by its kind: .py, .sql, .csv, .yml, .xlsx, .md, .j2, .html."""
    read = {".py": _of_python, ".sql": _of_sql, ".csv": _of_seed, ".yml": _of_yaml, ".xlsx": _of_workbook}
    for text in read.get(path.suffix, _of_page)(path):
        if _VIETNAMESE.search(text):
            yield text


def _of_python(path: Path) -> Iterator[str]:
    """Give the texts of a module that are no docstrings; a formatted one whole, with … for what it fills in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in ast.walk(node)}
            yield from _of_query(
                "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield from _of_query(node.value)


def _of_query(text: str) -> Iterator[str]:
    return _texts_in_sql(text) if re.search(r"\bselect\b", text) else iter([text])


def _of_sql(path: Path) -> Iterator[str]:
    return _texts_in_sql(path.read_text(encoding="utf-8"))


def _texts_in_sql(text: str) -> Iterator[str]:
    yield from _SQL_TEXT.findall(_SQL_COMMENT.sub("", text))


def _of_seed(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield from (
                text for name, text in row.items() if text and (name.endswith("_vi") or name == "uom")
            )


def _of_yaml(path: Path) -> Iterator[str]:
    def walk(node: object) -> Iterator[str]:
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict | list):
            for part in (*node, *node.values()) if isinstance(node, dict) else node:
                yield from walk(part)

    yield from walk(yaml.safe_load(path.read_text(encoding="utf-8")))


def _of_workbook(path: Path) -> Iterator[str]:
    """Give every cell, comment, name of a sheet and hint of a drop-down."""
    for sheet in load_workbook(path).worksheets:
        yield sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type != "f":
                    yield cell.value
                if cell.comment is not None:
                    yield cell.comment.text
        for rule in sheet.data_validations.dataValidation:
            yield from (text for text in (rule.prompt, rule.promptTitle, rule.error, rule.errorTitle) if text)


def texts_of_answer(path: Path) -> Iterator[str]:
    """Give what an answer says: its list without the names of files, sheets and cells, and its comments elsewhere."""
    listed, *copied = load_workbook(path).worksheets
    for row in listed.iter_rows():
        about = row[0].value
        for cell in row:
            if isinstance(cell.value, str) and (cell.column_letter not in "CD" or about in _SAID_OF_A_FILE):
                yield cell.value
    for sheet in copied:
        yield from (cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment)


def _of_page(path: Path) -> Iterator[str]:
    """Give the texts of a page a line; of a script what stands between quotation marks."""
    if ".js" in path.suffixes:
        yield from re.findall(r'"([^"\n]*)"', path.read_text(encoding="utf-8"))
        return
    for text in _MARKUP.sub("\n", path.read_text(encoding="utf-8")).splitlines():
        yield text.strip().removeprefix("- ")


def slips_of_sentence(text: str, label: str) -> list[str]:
    """Name what is wrong with the sentence that explains a label."""
    if not text.strip():
        return [f"no sentence: {label}"]
    found = slips(text)
    if text.rstrip(".").casefold() == label.casefold():
        found.append(f"says its label: {text}")
    if not text.endswith("."):
        found.append(f"no full stop: {text}")
    if not text[0].isupper():
        found.append(f"no capital: {text}")
    return found


@cache
def _words() -> tuple[_Word, ...]:
    return tuple(
        _Word(
            row["say"],
            re.compile("|".join(rf"(?<!\w){re.escape(word.casefold())}(?!\w)" for word in row["never"])),
            tuple(row.get("unless", ())),
        )
        for row in yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    )
