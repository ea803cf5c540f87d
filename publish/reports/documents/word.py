"""A review as a Word document: the template filled in, the annexes behind it on pages that lie on their side."""

from io import BytesIO
from pathlib import Path

from docx.document import Document
from docx.shared import Mm
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, UndefinedError

from publish.reports.charts.drawing import as_png
from publish.reports.documents import word_parts
from publish.reports.documents.cells import printed
from publish.reports.sentences.clauses import with_limits
from publish.reports.settings import ReportSettings, TemplateTroubleError
from publish.reports.written_review import FIGURES, ReviewTable, WrittenReview

TEMPLATES = Path(__file__).parent / "templates"
_CHART_WIDTH = Mm(150)


def template_of(review: WrittenReview, settings: ReportSettings) -> Path:
    """Give the template of a review in the office's layout: its own one where it has changed it."""
    name = f"{review.template}_{settings.layout}.docx"
    own = settings.own_templates / name if settings.own_templates else None
    return own if own is not None and own.exists() else TEMPLATES / name


def render_word(review: WrittenReview, settings: ReportSettings) -> bytes:
    """Fill in the template and add annexes and charts.

    Raises:
        TemplateTroubleError: the template names something that there is not, a tag of it is broken, or it is no document.
    """
    document = _filled(template_of(review, settings), _context(review))
    _add_annexes(document, review, settings)
    _date(document, review)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _filled(path: Path, context: dict[str, object]) -> Document:
    template, environment = DocxTemplate(path), Environment(autoescape=True, undefined=StrictUndefined)
    try:
        template.init_docx()
    except Exception as trouble:  # what an office puts there may be anything
        raise TemplateTroubleError(f"Mẫu báo cáo {path} không phải tài liệu Word. {_REMEDY}") from trouble
    try:
        template.render(context, jinja_env=environment)
    except UndefinedError as trouble:
        unknown = sorted(template.get_undeclared_template_variables(environment, context))
        raise TemplateTroubleError(_of_unknown_names(path, unknown, context)) from trouble
    except TemplateSyntaxError as trouble:
        raise TemplateTroubleError(
            f"Mẫu báo cáo {path} ghi sai ngoặc nhọn hoặc lệnh{_place_of(trouble)}. {_REMEDY}"
        ) from trouble
    except Exception as trouble:  # between braces an office may ask for anything
        raise TemplateTroubleError(
            f"Mẫu báo cáo {path} có chỗ trong ngoặc nhọn không điền được. {_REMEDY}"
        ) from trouble
    document: Document = template.docx
    return document


_REMEDY = "Đề nghị sửa trong Word, hoặc xóa tệp này để dùng lại mẫu của phần mềm."


def _of_unknown_names(path: Path, unknown: list[str], context: dict[str, object]) -> str:
    named = f"tên {', '.join(f'“{name}”' for name in unknown)}" if unknown else "một tên"
    return (
        f"Mẫu báo cáo {path} ghi {named} mà báo cáo này không có."
        f" Các tên dùng được: {', '.join(sorted(context))}. {_REMEDY}"
    )


def _place_of(broken: TemplateSyntaxError) -> str:
    """Give the text of the paragraph in which a tag is broken, or of the nearest one before it that has a brace."""
    around = [str(line).strip() for line in getattr(broken, "docx_context", ())]
    at = min(broken.lineno - 1, _LINES_BEFORE)
    place = next((line for line in reversed(around[: at + 1]) if "{" in line or "}" in line), "")
    return f" ở chỗ “{place}”" if place else ""


# docxtpl hands on so many paragraphs before that of the error
_LINES_BEFORE = 3
# sections that not every review has, and that each template may name
_OPTIONAL: dict[str, list[str]] = {"khac": [], "can_ghi_khac": []}


def _context(review: WrittenReview) -> dict[str, object]:
    sections = {section.name: list(section.sentences) for section in review.sections}
    gaps = {f"can_ghi_{section.name}": [f"[{gap}]" for gap in section.gaps] for section in review.sections}
    limits = [f"{name}: {text}" for name, text in _remarks(review)]
    return {
        **_OPTIONAL,
        **review.words,
        **sections,
        **gaps,
        "tieu_de": review.title,
        "trich_yeu": review.subtitle,
        "luu_y": limits,
    }


def _remarks(review: WrittenReview) -> list[tuple[str, str]]:
    limits = review.tables[-1]
    return [
        (
            str(row[1]),
            with_limits(", ".join(str(cell) for cell in row[2:4] if cell), f" ({row[4]})" if row[4] else ""),
        )
        for row in limits.rows
    ]


def _add_annexes(document: Document, review: WrittenReview, settings: ReportSettings) -> None:
    word_parts.prepare_styles(document)
    word_parts.begin_landscape(document)
    for number, table in enumerate(review.tables, start=1):
        heading = document.add_paragraph(f"Phụ lục {number}. {table.title}", style="Heading 1")
        heading.paragraph_format.page_break_before = number > 1 and len(table.rows) > word_parts.FEW_ROWS
        _add_table(document, table, settings)
    for number, chart in enumerate(review.charts, start=1):
        heading = document.add_paragraph(f"Biểu đồ {number}. {chart.title}", style="Heading 1")
        heading.paragraph_format.page_break_before = number == 1
        word_parts.add_picture(document, as_png(chart.specification), _CHART_WIDTH, chart.alt_text)


def _add_table(document: Document, table: ReviewTable, settings: ReportSettings) -> None:
    if table.rows:
        kinds = [column.kind for column in table.columns]
        headings = [column.heading for column in table.columns]
        rows = [
            [printed(cell, kind, settings) for cell, kind in zip(row, kinds, strict=True)]
            for row in table.rows
        ]
        is_number = [kind in FIGURES for kind in kinds]
        whole = word_parts.usable_width(document)
        for columns in word_parts.fitting_columns(headings, rows, is_number, whole):
            part = (
                [headings[index] for index in columns],
                [[row[index] for index in columns] for row in rows],
                [is_number[index] for index in columns],
            )
            drawn = word_parts.add_table(document, *part, table.title)
            word_parts.set_widths(drawn, word_parts.share_width(*part, whole))
    if table.note:
        document.add_paragraph(table.note, style="Caption")


def _date(document: Document, review: WrittenReview) -> None:
    """Let the document bear the day of its edition, so that the same edition gives the same document."""
    properties = document.core_properties
    properties.title = f"{review.title}: {review.subtitle}"
    properties.author = review.words.get("co_quan", "")
    properties.comments = f"edition {review.edition_id}"
    properties.created = properties.modified = review.as_of.replace(tzinfo=None)
    properties.revision = 1
