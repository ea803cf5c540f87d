"""The shelf: what lies in the outbox and which editions there are, each with a line that says what it is, newest first.

Whoever writes into the outbox need not tell: a file is known by its folder, its ending, and the half-year in its name. Names
of branches' files are not shown here; their answers are told by half-year.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from build.reference import half_year_labels
from ingest.home import WarehouseHome
from ingest.text.printing import format_number, moment_vi
from publish.editions.edition import Edition

STATUS_PAGE = "status.html"
SHELF_PAGE = "index.html"
DICTIONARY_PAGE = "data_dictionary.html"
AREA_PAGES = "status"

_HALF_YEAR = re.compile(r"(?<!\d)(\d{4}H[12])(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
# by ending: the word of the link
_FORMATS = {
    ".docx": "Word",
    ".xlsx": "Excel",
    ".html": "Trang web",
    ".pdf": "Bản để in (PDF)",
    ".csv": "Bảng số liệu mở bằng Excel (CSV)",
    ".parquet": "Bảng số liệu cho người phân tích (Parquet)",
    ".png": "Ảnh",
    ".svg": "Ảnh",
}


@dataclass(frozen=True, slots=True)
class Link:
    """One file or folder to open; ``address`` is relative to the outbox, ``size_bytes`` None for a folder."""

    word: str
    address: str
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the shelf, in one or more formats."""

    title: str
    what: str
    links: tuple[Link, ...]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind, newest first; ``empty_vi`` is said where there is none."""

    name: str
    title: str
    items: tuple[Item, ...]
    empty_vi: str


def read_shelf(
    home: WarehouseHome, editions: Sequence[Edition], programmes: Mapping[str, str]
) -> tuple[Group, ...]:
    """Look through the outbox.

    Args:
        home: the warehouse.
        editions: all there are.
        programmes: what programmes are called, by code.
    """
    return (
        Group("pages", "Xem hằng ngày", tuple(_pages(home)), "Chưa có trang nào."),
        _group(
            "reports",
            "Báo cáo",
            home.outbox / "reports",
            _Namer(home.outbox, programmes, "báo cáo đầy đủ: lời văn, phụ lục số liệu, biểu đồ"),
            "Chưa có báo cáo nào.",
        ),
        _group(
            "reviews",
            "Biểu tổng hợp",
            home.reviews,
            _Namer(home.outbox, programmes, "toàn bộ chỉ tiêu, từng đơn vị và tổng số"),
            "Chưa có biểu tổng hợp nào.",
        ),
        Group(
            "feedback",
            "Phiếu phản hồi cho đơn vị",
            _folders(
                home.feedback,
                "phiếu: tệp của đơn vị, có ghi chỗ phải sửa",
                "Không của riêng một đơn vị hoặc kỳ báo cáo",
            ),
            "Không có phiếu phản hồi nào.",
        ),
        Group(
            "templates",
            "Biểu mẫu để gửi đơn vị",
            _folders(home.outbox / "templates", "tệp biểu mẫu, mở bằng Excel", "Biểu mẫu"),
            "Chưa lập biểu mẫu nào.",
        ),
        Group(
            "exports",
            "Bộ số liệu để chia sẻ",
            _packages(home),
            "Chưa lập bộ số liệu nào để chia sẻ.",
        ),
        Group("editions", "Các bản số liệu đã công bố", _editions(editions), "Chưa công bố bản số liệu nào."),
    )


@dataclass(frozen=True, slots=True)
class _Namer:
    """Tells what files are by their name; those that differ in their ending alone are one thing."""

    outbox: Path
    programmes: Mapping[str, str]
    content_vi: str

    def items(self, paths: Sequence[Path]) -> tuple[Item, ...]:
        by_stem: defaultdict[Path, list[Path]] = defaultdict(list)
        for path in paths:
            by_stem[path.with_suffix("")].append(path)
        return _newest_first([self._item(stem, files) for stem, files in by_stem.items()])

    def _item(self, stem: Path, files: Sequence[Path]) -> Item:
        named = "/".join(stem.relative_to(self.outbox).parts[1:])
        labels = half_year_labels()
        half_years = list(dict.fromkeys(labels.get(code, code) for code in _HALF_YEAR.findall(named)))
        words = named.replace("-", "_")
        programme = next((label for code, label in self.programmes.items() if code in words), None)
        year = _YEAR.search(named)
        window = f"từ {half_years[0]} đến {half_years[-1]}" if len(half_years) > 1 else "".join(half_years)
        if programme:
            title, what = programme, f"tổng kết {window}".strip()
        elif half_years:
            title, what = f"Sơ kết {window}", self.content_vi
        elif year:
            title, what = f"Năm {year[1]}", self.content_vi
        else:
            title, what = stem.name, "tệp trong thư mục gửi đi (outbox)"
        return Item(
            title=title,
            what=what,
            links=tuple(
                Link(
                    _FORMATS.get(path.suffix.casefold(), path.suffix.removeprefix(".").upper() or "Tệp"),
                    quote(path.relative_to(self.outbox).as_posix()),
                    path.stat().st_size,
                )
                for path in sorted(files)
            ),
            changed_at=max(_changed_at(path) for path in files),
        )


def _group(name: str, title: str, folder: Path, namer: _Namer, empty_vi: str) -> Group:
    return Group(name, title, namer.items(_files(folder)), empty_vi)


def _pages(home: WarehouseHome) -> Iterator[Item]:
    for name, title, what in (
        (STATUS_PAGE, "Tình hình báo cáo", "ai đã gửi, ai chưa gửi, dòng nào chờ sửa, số liệu chính"),
        (DICTIONARY_PAGE, "Từ điển dữ liệu", "giải thích từng bảng, từng cột đã công bố"),
    ):
        path = home.outbox / name
        if path.exists():
            yield Item(title, what, (Link(_FORMATS[".html"], name, path.stat().st_size),), _changed_at(path))


def _folders(root: Path, what: str, unknown: str) -> tuple[Item, ...]:
    """One line a half-year, newest half-year first: how many files lie there, and none of their names."""
    labels = half_year_labels()
    items = []
    for folder in sorted(root.iterdir(), reverse=True) if root.exists() else ():
        files = _files(folder)
        if files:
            items.append(
                Item(
                    title=labels.get(folder.name, unknown),
                    what=f"{format_number(len(files))} {what}",
                    links=(Link("Mở thư mục", f"{quote(f'{root.name}/{folder.name}')}/"),),
                    changed_at=max(_changed_at(path) for path in files),
                )
            )
    return tuple(items)


def _packages(home: WarehouseHome) -> tuple[Item, ...]:
    """One line a data package, and one for what is sent to DHIS2; those being written begin with a dot."""
    items = []
    for folder in sorted(home.packages.iterdir()) if home.packages.exists() else ():
        files = _files(folder) if not folder.name.startswith(".") else []
        if not files:
            continue
        is_package = any(path.name == "datapackage.json" for path in files)
        what = (
            "toàn bộ bảng số liệu không có dữ liệu cá nhân, CSV và Parquet, có mô tả từng cột"
            if is_package
            else "số liệu từng kỳ chuyển sang phần mềm DHIS2"
        )
        items.append(
            Item(
                title=f"Bộ số liệu {folder.name}" if is_package else "Tệp DHIS2",
                what=f"{format_number(len(files))} tệp: {what}",
                links=(Link("Mở thư mục", f"{quote(f'{home.packages.name}/{folder.name}')}/"),),
                changed_at=max(_changed_at(path) for path in files),
            )
        )
    return _newest_first(items)


def _editions(editions: Sequence[Edition]) -> tuple[Item, ...]:
    return _newest_first(
        [
            Item(
                title=f"Số liệu tính đến {moment_vi(edition.as_of)}",
                what=f"từ {format_number(edition.input_submissions)} tệp báo cáo; tệp {edition.path.name} trong thư mục"
                " editions, dành cho người phân tích",
                links=(),
                changed_at=edition.issued_at or edition.built_at,
            )
            for edition in editions
        ]
    )


def _newest_first(items: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: item.changed_at, reverse=True))


def _files(folder: Path) -> list[Path]:
    """Give the files that lie in a folder at any depth; those being written begin with a dot."""
    if not folder.is_dir():
        return []
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".", "~$"))
    )


def _changed_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
