"""The project's own Word templates, drawn once and kept in the repository: ``make report-templates`` draws them anew.

An officer changes a copy in Word. What stands between braces is filled in; a paragraph with ``{%p for … %}`` repeats the one
below it. Styles are Word's own, so that headings nest and a table of contents can be made.
"""

from collections.abc import Iterable
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell

from publish.paper import FONT_NAME
from publish.reports.documents.word import TEMPLATES
from publish.reports.documents.word_parts import add_field, drop_second_styles, set_widths
from publish.reports.settings import Layout

GAP_STYLE, MARK = "Chỗ cần ghi", "FFFF00"
_BODY, _SMALL = Pt(14), Pt(12)
_MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")

_Part = tuple[str, str, str]
"""A heading, the section that is told under it, and its style; the section may be empty."""

HALF_YEAR: tuple[_Part, ...] = (
    ("I. TÌNH HÌNH", "tinh_hinh", "Heading 1"),
    ("II. KẾT QUẢ THỰC HIỆN", "", "Heading 1"),
    ("1. Kết quả thực hiện các phong trào, cuộc vận động", "phong_trao", "Heading 2"),
    ("2. Kết quả theo từng phong trào, đề án, dự án", "de_an", "Heading 2"),
    ("3. Hỗ trợ phụ nữ phát triển kinh tế, vay vốn, học nghề", "kinh_te", "Heading 2"),
    ("4. Xây dựng tổ chức Hội", "to_chuc", "Heading 2"),
    ("5. Thi đua, khen thưởng", "khen_thuong", "Heading 2"),
    ("III. ĐÁNH GIÁ", "danh_gia", "Heading 1"),
    ("IV. NHIỆM VỤ TRỌNG TÂM {{ ky_sau | upper }}", "nhiem_vu", "Heading 1"),
)
PROGRAMME: tuple[_Part, ...] = (
    ("I. CÔNG TÁC CHỈ ĐẠO", "chi_dao", "Heading 1"),
    ("II. KẾT QUẢ THỰC HIỆN", "ket_qua", "Heading 1"),
    ("III. KINH PHÍ", "kinh_phi", "Heading 1"),
    ("IV. ĐÁNH GIÁ VÀ BÀI HỌC KINH NGHIỆM", "danh_gia", "Heading 1"),
    ("V. PHƯƠNG HƯỚNG THỜI GIAN TỚI", "phuong_huong", "Heading 1"),
)
PARTS = {"half_year": HALF_YEAR, "programme": PROGRAMME}


def draw_templates(folder: Path = TEMPLATES) -> list[Path]:
    """Draw all templates in both layouts; gives their files."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for name, parts in PARTS.items():
        for layout in Layout:
            path = folder / f"{name}_{layout}.docx"
            _draw(parts, layout).save(str(path))
            drawn.append(path)
    return drawn


def _draw(parts: Iterable[_Part], layout: Layout) -> Document:
    document = docx.Document()
    drop_second_styles(document)
    _set_page(document)
    _set_styles(document)
    _add_head(document, layout)
    for text, size in (("{{ tieu_de }}", Pt(15)), ("{{ trich_yeu }}", _BODY)):
        line = document.add_paragraph(style="Title")
        line.add_run(text).font.size = size
    document.add_paragraph("{{ nguon_so_lieu }}", style="Caption")
    for heading, section, style in parts:
        document.add_paragraph(heading, style=style)
        if section:
            _add_section(document, section)
    _add_loop(document, "khac", "Body Text", "- ")
    document.add_paragraph("Những điều cần lưu ý khi dùng số liệu", style="Heading 2")
    _add_loop(document, "luu_y", "Body Text", "- ")
    _add_signature(document)
    return document


def _add_section(document: Document, section: str) -> None:
    _add_loop(document, section, "Body Text", "- ")
    _add_loop(document, f"can_ghi_{section}", GAP_STYLE, "")


def _add_loop(document: Document, section: str, style: str, dash: str) -> None:
    document.add_paragraph(f"{{%p for cau in {section} %}}", style=style)
    document.add_paragraph(f"{dash}{{{{ cau }}}}", style=style)
    document.add_paragraph("{%p endfor %}", style=style)


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number.paragraph_format.first_line_indent = Mm(0)
    add_field(number.add_run(), "PAGE")


def _set_styles(document: Document) -> None:
    _set_style(document, "Normal", _BODY)
    body = _set_style(document, "Body Text", _BODY)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    body.paragraph_format.first_line_indent = Mm(12.7)
    body.paragraph_format.space_after, body.paragraph_format.line_spacing = Pt(6), 1.15
    title = _set_style(document, "Title", _BODY, is_bold=True)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(4)
    border = title.element.pPr.find(qn("w:pBdr"))
    if border is not None:
        title.element.pPr.remove(border)
    for name in ("Heading 1", "Heading 2"):
        heading = _set_style(document, name, _BODY, is_bold=True)
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(10), Pt(4)
        heading.paragraph_format.keep_with_next = True
    caption = _set_style(document, "Caption", _SMALL, is_italic=True)
    caption.paragraph_format.space_before = caption.paragraph_format.space_after = Pt(4)
    gap = document.styles.add_style(GAP_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    gap.base_style = document.styles["Body Text"]
    gap.font.italic = True
    _mark(gap)


def _mark(style: ParagraphStyle) -> None:
    """Lay yellow under the text of a style; Word knows a highlight for single words alone, and a shade for a style."""
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", MARK)):
        shade.set(qn(f"w:{name}"), value)
    style.element.get_or_add_rPr().append(shade)


def _set_style(
    document: Document, name: str, size: Pt, *, is_bold: bool = False, is_italic: bool = False
) -> ParagraphStyle:
    style: ParagraphStyle = document.styles[name]
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT_NAME, size, is_bold, is_italic
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), FONT_NAME)
    return style


def _add_head(document: Document, layout: Layout) -> None:
    head = document.add_table(rows=1, cols=2)
    left, right = head.rows[0].cells
    if layout is Layout.DECREE_30:
        _lines(
            left,
            ("{{ co_quan_cap_tren }}", False),
            ("{{ co_quan }}", True),
            ("_______", False),
            ("Số: ……/BC-BTV", False),
        )
        _lines(right, (_MOTTO[0], True), (_MOTTO[1], True), ("_______________________", False))
    else:
        _lines(
            left,
            ("{{ co_quan_cap_tren }}", False),
            ("{{ co_quan }}", True),
            ("*", False),
            ("Số ……-BC/BTV", False),
        )
        _lines(right, ("", False), ("", False), ("", False))
    place = right.add_paragraph("{{ dia_danh }}, ngày …… tháng …… năm ……")
    place.alignment = WD_ALIGN_PARAGRAPH.CENTER
    place.runs[0].italic = True
    place.paragraph_format.space_before = Pt(6)
    _set_head_table(head, (Mm(70), Mm(95)))
    document.add_paragraph()


def _add_signature(document: Document) -> None:
    document.add_paragraph()
    foot = document.add_table(rows=1, cols=2)
    left, right = foot.rows[0].cells
    receivers = left.paragraphs[0].add_run("Nơi nhận:")
    receivers.bold = receivers.italic = True
    receivers.font.size = _SMALL
    left.paragraphs[0].paragraph_format.space_after = Pt(0)
    for line in ("- {{ hoi_cap_tren }};", "- Lưu: VT."):
        receiver = left.add_paragraph()
        receiver.paragraph_format.space_after = Pt(0)
        receiver.add_run(line).font.size = Pt(11)
    _lines(right, ("TM. BAN THƯỜNG VỤ", True), ("CHỦ TỊCH", True))
    signed = right.add_paragraph()
    signed.alignment = WD_ALIGN_PARAGRAPH.CENTER
    signed.add_run("(ký, đóng dấu, ghi rõ họ tên)").italic = True
    _set_head_table(foot, (Mm(80), Mm(85)))


def _lines(cell: _Cell, *lines: tuple[str, bool]) -> None:
    for index, (text, is_bold) in enumerate(lines):
        paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(0), 1.0
        run = paragraph.add_run(text)
        run.bold, run.font.size = is_bold, _SMALL


def _set_head_table(table: Table, widths: tuple[Mm, Mm]) -> None:
    """Give a table of two cells its widths, all of them for its text: the names of both sides fit on a line each."""
    set_widths(table, widths)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


if __name__ == "__main__":
    for template in draw_templates():
        print(template)
