"""Boards, figures and the shelf as HTML: one self-contained file a page.

A page of an area carries its earlier half-years folded up as long as they fit into ``MOST_BYTES`` together; the oldest ones
that do not are pages of their own beside it, one click away all the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ingest.text.printing import day_vi, format_change, format_number, format_percentage, moment_vi
from publish.pages import wording
from publish.pages.board import AreaBoard, Board, HalfYear
from publish.pages.figures import Published
from publish.pages.shelf import AREA_PAGES, STATUS_PAGE, Group

TEMPLATES = Path(__file__).with_name("templates")
MOST_BYTES = 300_000  # of earlier half-years; a whole page stays under 500 KB
MOST_FINDINGS = 60  # of one severity on one page
MOST_RESTATED = 40
MOST_NEW_FILES = 40


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``path`` is relative to the outbox."""

    path: str
    html: str


@dataclass(frozen=True, slots=True)
class Context:
    """What all pages of the state of returns share.

    Attributes:
        published: what the edition says; None before the first.
        answers: submission to its answer, as a path in the outbox, quoted for a link.
    """

    board: Board
    published: Published | None
    answers: Mapping[str, str]


def render_status(context: Context) -> tuple[Page, ...]:
    """Write ``status.html`` and what hangs on it: with one area its page, with several an index and a page an area."""
    environment = _environment()
    areas = context.board.areas
    if len(areas) == 1:
        return tuple(_area_pages(environment, context, areas[0], is_only=True))
    pages = [page for area in areas for page in _area_pages(environment, context, area, is_only=False)]
    index = environment.get_template("areas.html.j2").render(
        **_shared(context, root=""), areas=areas, area_pages=AREA_PAGES
    )
    return (Page(STATUS_PAGE, index), *pages)


def render_shelf(groups: Sequence[Group], told_at: datetime, area: str) -> str:
    """Write ``index.html``."""
    return _environment().get_template("shelf.html.j2").render(groups=groups, told_at=told_at, area=area)


def _area_pages(environment: Environment, context: Context, area: AreaBoard, *, is_only: bool) -> list[Page]:
    path = STATUS_PAGE if is_only else f"{AREA_PAGES}/{area.area_key}.html"
    root = "" if is_only else "../"
    shared = _shared(context, root)
    folded: list[tuple[HalfYear, str, str | None]] = []
    pages: list[Page] = []
    room = MOST_BYTES
    half_year = environment.get_template("half_year.html.j2")
    for half in area.half_years:
        html = half_year.render(**shared, half=half)
        room -= 0 if half.is_shown else len(html.encode())
        if half.is_shown or room >= 0:
            folded.append((half, html, None))
            continue
        own = f"{AREA_PAGES}/{area.area_key}_{half.code}.html"
        folded.append((half, "", f"{root}{own}"))
        alone = environment.get_template("earlier.html.j2").render(
            **_shared(context, "../"), area=area, half=half, back=f"../{path}"
        )
        pages.append(Page(own, alone))
    html = environment.get_template("status.html.j2").render(
        **shared,
        area=area,
        halves=folded,
        is_only=is_only,
        severities=_by_severity(area),
        figures=[
            figure
            for figure in (context.published.figures if context.published else ())
            if figure.area_key == area.area_key
        ],
        restated=[
            found
            for found in (context.published.restated if context.published else ())
            if found.area_key == area.area_key
        ],
    )
    return [Page(path, html), *pages]


def _shared(context: Context, root: str) -> dict[str, Any]:
    return {
        "board": context.board,
        "published": context.published,
        "answers": context.answers,
        "root": root,
        "meanings": wording.MEANINGS,
        "waiting": wording.WAITING,
        "most_new_files": MOST_NEW_FILES,
        "most_restated": MOST_RESTATED,
        "most_findings": MOST_FINDINGS,
    }


def _by_severity(area: AreaBoard) -> list[dict[str, Any]]:
    """Give the findings of an area by severity, the gravest first, each with its kinds and how many there are."""
    found = []
    for severity, sign in wording.SEVERITIES.items():
        lines = [line for line in area.findings if line.severity == severity]
        if lines:
            found.append({"name": severity, "sign": sign, "word": lines[0].severity_vi, "lines": lines})
    return found


def _size(size_bytes: int) -> str:
    return f"{format_number(max(size_bytes / 1024, 1), 0)} KB"


def _short(form_label: str) -> str:
    """Take the number of a form off its label: *Biểu 01: Biến động hội viên* → *Biểu 01*."""
    return form_label.partition(":")[0]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        moment=moment_vi,
        day=day_vi,
        number=format_number,
        percentage=format_percentage,
        change=format_change,
        size=_size,
        short=_short,
        until=wording.until,
        amid=wording.amid,
        days_late=wording.days_late,
        owed=wording.owed_vi,
    )
    return environment
