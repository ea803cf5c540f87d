"""Parts of a Word document that its library leaves to hand: header rows that repeat, alternative texts, landscape pages."""

from collections.abc import Sequence
from io import BytesIO

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.styles import BabelFish
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.run import Run

TABLE_TEXT = Pt(10)
# a table of so many rows is not cut by the end of a page
FEW_ROWS = 12
TABLE_STYLE = "Chữ trong bảng"


def prepare_styles(document: Document) -> None:
    """Give a document the styles that the annexes use; a template of an office may lack them.

    LibreOffice writes *Heading 1* where Word writes *heading 1*: both are the one that an office has chosen for headings.
    """
    drop_second_styles(document)
    normal = document.styles["Normal"]
    known = {str(style.name).casefold(): style for style in document.styles}
    for name in ("Heading 1", "Caption", TABLE_STYLE):
        if name.casefold() not in known:
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = normal
        elif document.styles.element.get_by_name(BabelFish.ui2internal(name)) is None:
            known[name.casefold()].element.name_val = BabelFish.ui2internal(name)
    if TABLE_STYLE.casefold() not in known:
        _set_table_text(document)


def drop_second_styles(document: Document) -> None:
    """Leave out the copy of the styles that Word 2010 kept beside them: where the two differ, Word speaks of a damaged file."""
    relations = document.part.rels
    for key in [
        key for key, relation in relations.items() if relation.reltype.endswith("/stylesWithEffects")
    ]:
        relations.pop(key)


def _set_table_text(document: Document) -> None:
    style: ParagraphStyle = document.styles[TABLE_STYLE]
    style.font.size = TABLE_TEXT
    form = style.paragraph_format
    form.first_line_indent, form.space_before, form.space_after, form.line_spacing = (
        Mm(0),
        Pt(0.5),
        Pt(0.5),
        1.0,
    )


def begin_landscape(document: Document) -> None:
    """Go on with pages that lie on their side; head and foot stay those of the document."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    if section.orientation != WD_ORIENT.LANDSCAPE:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(15)
    section.different_first_page_header_footer = False


def usable_width(document: Document) -> Length:
    """Give the width between the margins of the last section."""
    section = document.sections[-1]
    page, left, right = section.page_width, section.left_margin, section.right_margin
    return Length((page or 0) - (left or 0) - (right or 0))


def add_table(
    document: Document,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    is_number: Sequence[bool],
    caption: str,
) -> Table:
    """Add a table with lines, whose header row repeats on every page and which says what it is.

    Args:
        document: the table is added at its end.
        headings: one for each column.
        rows: the printed cells, as many to a row as there are headings.
        is_number: by column; figures stand at the right.
        caption: what the table shows, for who does not see it.
    """
    table: Table = document.add_table(rows=len(rows) + 1, cols=len(headings))
    _draw_lines(table)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _describe_table(table, caption)
    # python-docx finds the cells of a row by walking the whole table; its elements are there at once
    style_id = str(document.styles[TABLE_STYLE].style_id)
    head, *lines = table._tbl.tr_lst
    for element, heading in zip(head.tc_lst, headings, strict=True):
        _write(_Cell(element, table), heading, WD_ALIGN_PARAGRAPH.CENTER, style_id, is_bold=True)
    repeat_on_pages(_Row(head, table))
    for line, row in zip(lines, rows, strict=True):
        keep_together(_Row(line, table))
        for element, text, number in zip(line.tc_lst, row, is_number, strict=True):
            alignment = WD_ALIGN_PARAGRAPH.RIGHT if number else WD_ALIGN_PARAGRAPH.LEFT
            _write(_Cell(element, table), text, alignment, style_id)
    # a short table is not cut, and what is noted below one is on the page on which it ends; LibreOffice printed two rows of
    # a short table at the foot of a page and lost the others
    for line in table._tbl.tr_lst if len(rows) <= FEW_ROWS else table._tbl.tr_lst[-1:]:
        for element in line.tc_lst:
            _Cell(element, table).paragraphs[0].paragraph_format.keep_with_next = True
    return table


def set_widths(table: Table, widths: Sequence[Length]) -> None:
    """Give every column its width, in the grid and in each cell, as Word and LibreOffice each look at one of them."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for line in table._tbl.tr_lst:
        for element, width in zip(line.tc_lst, widths, strict=True):
            element.width = width


def share_width(
    headings: Sequence[str], rows: Sequence[Sequence[str]], is_number: Sequence[bool], whole: Length
) -> list[Length]:
    """Share the width of a page out: no figure and no word is broken, words get what is left by how long they are.

    Args:
        headings, rows, is_number: as in ``add_table``.
        whole: between the margins.
    """
    needed = [
        _least(heading, [row[index] for row in rows], is_number[index])
        for index, heading in enumerate(headings)
    ]
    left = whole - sum(needed, 0)
    wished = _wished(headings, rows, is_number, needed, lines=2)
    if sum(wished) > left:  # the words need the room more than the headings of figures do
        wished = _wished(headings, rows, is_number, needed, lines=3)
    wish_of_all = sum(wished)
    share = min(1.0, left / wish_of_all) if left > 0 and wish_of_all else 0.0
    return [Length(int(need + wish * share)) for need, wish in zip(needed, wished, strict=True)]


def _wished(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    is_number: Sequence[bool],
    needed: Sequence[int],
    *,
    lines: int,
) -> list[int]:
    """Give what columns would take beyond what they need: for headings of figures on so many lines, for words on one."""
    wished = []
    for index, heading in enumerate(headings):
        longest = max((len(row[index]) for row in rows), default=1)
        liked = len(heading) / lines if is_number[index] else min(longest, _LONG_LINE)
        wished.append(max(0, _of_letters(liked) - needed[index]))
    return wished


def fitting_columns(
    headings: Sequence[str], rows: Sequence[Sequence[str]], is_number: Sequence[bool], whole: Length
) -> list[list[int]]:
    """Give the columns that stand side by side on a page: all of them, or groups that each begin with the words."""
    widths = [
        _least(heading, [row[index] for row in rows], is_number[index])
        for index, heading in enumerate(headings)
    ]
    first_figure = next((index for index, number in enumerate(is_number) if number), len(headings))
    words = list(range(first_figure))
    room = whole - sum((widths[index] for index in words), 0)
    groups: list[list[int]] = [[]]
    for index in range(first_figure, len(headings)):
        if groups[-1] and sum((widths[found] for found in groups[-1]), 0) + widths[index] > room:
            groups.append([])
        groups[-1].append(index)
    return [words + group for group in groups]


def _least(heading: str, cells: Sequence[str], is_number: bool) -> int:
    longest = max((len(cell) for cell in cells), default=1)
    longest_word = max((len(word) for cell in cells for word in cell.split(" ")), default=1)
    of_heading = max(len(word) for word in heading.split()) * _BOLD
    return _of_letters(min(_LONG_LINE, max(longest if is_number else longest_word, of_heading)))


_LONG_LINE = 60
_BOLD = 1.3


def _of_letters(count: float) -> Length:
    """The width of so many letters in a cell, with its margins: a letter of the font is about half as wide as high."""
    return Length(int(count * TABLE_TEXT * 0.53) + Mm(4.8))


def repeat_on_pages(row: _Row) -> None:
    """Let a row stand again at the top of every page that its table goes on to."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def keep_together(row: _Row) -> None:
    """Let a row never be cut by the end of a page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def add_picture(document: Document, picture: bytes, width: Length, alt_text: str) -> None:
    """Add a picture in the middle of the page, with words for who does not see it."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.first_line_indent = Mm(0)
    shape = paragraph.add_run().add_picture(BytesIO(picture), width=width)
    shape._inline.docPr.set("descr", alt_text)


def add_field(run: Run, instruction: str) -> None:
    """Add a field that Word fills in, such as ``PAGE``."""
    for kind, text in (("begin", None), (None, instruction), ("end", None)):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = text
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _draw_lines(table: Table) -> None:
    """Draw all lines of a table, without a style that a template might lack."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    # the schema wants them before these
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def _describe_table(table: Table, caption: str) -> None:
    described = OxmlElement("w:tblCaption")
    described.set(qn("w:val"), caption)
    table._tbl.tblPr.append(described)


def _write(
    cell: _Cell, text: str, alignment: WD_ALIGN_PARAGRAPH, style_id: str, *, is_bold: bool = False
) -> None:
    paragraph = cell.paragraphs[0]
    paragraph._p.style = style_id  # by its name it would be sought among all styles, for every cell
    paragraph.alignment = alignment
    paragraph.add_run(text).bold = is_bold
