"""The account of a refresh on a terminal, as tables and sentences.

The people who read it are the district's officers, so it is in Vietnamese and short.
"""

from collections.abc import Iterator

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from ingest.contracts.verdicts import VERDICTS_VI
from ingest.home import WarehouseHome
from ingest.text.printing import format_change, format_number, format_percentage, moment_vi
from publish.answers.account import Account, RefusedFile
from publish.answers.review_lines import unfinished_vi
from publish.names import amid_sentence
from publish.pages.shelf import SHELF_PAGE

WIDTH = 160  # of what is no terminal
# of a column of figures, for tens of billions; longer headings take two lines, or names of indicators would have to
FIGURE_WIDTH = 15


def print_account(account: Account, home: WarehouseHome, console: Console | None = None) -> None:
    """Print an account to the terminal."""
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    console.print(Group(*_parts(account, home)))


def _parts(account: Account, home: WarehouseHome) -> Iterator[RenderableType]:
    yield Text(_arrivals(account))
    if account.refused:
        yield _refused_table(account.refused)
    rows = account.rows
    yield Text(
        f"Dòng trong tất cả tệp: {format_number(rows.seen)} = đã tổng hợp {format_number(rows.loaded)}"
        f" + chờ sửa {format_number(rows.quarantined)}"
        f" + dòng tiêu đề, dòng cộng, dòng trống {format_number(rows.structure)}"
    )
    yield Text("\n".join(_standing(account)))
    yield _half_year_table(account)
    if account.programme:
        yield _programme_table(account)
    yield Text(_places(account, home))


def _arrivals(account: Account) -> str:
    known = format_number(account.known_files)
    if not account.new_files and account.is_edition_new:
        return f"Không có tệp mới ({known} tệp đã nhận từ trước); bản số liệu được làm lại."
    if not account.new_files:
        return f"Không có gì mới: {known} tệp đã nhận từ trước, không tệp nào thêm. Số liệu giữ nguyên."
    counts = ", ".join(
        f"{format_number(account.new_files[verdict])} {label}"
        for verdict, label in VERDICTS_VI.items()
        if account.new_files.get(verdict)
    )
    return f"Nhận {format_number(sum(account.new_files.values()))} tệp: {counts} (đã có từ trước: {known})."


def _refused_table(refused: tuple[RefusedFile, ...]) -> Table:
    table = Table(
        "Tệp",
        "Kết quả",
        "Lý do",
        title="Tệp chưa tiếp nhận, hoặc tiếp nhận một phần",
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    for found in refused:
        table.add_row(found.relative_path, VERDICTS_VI[found.verdict], found.reason_vi)
    return table


def _standing(account: Account) -> Iterator[str]:
    label, asked = account.period_label_vi, account.units_asked
    if not account.half_year:
        yield f"{label}: chưa có báo cáo nào được tiếp nhận."
        return
    complete = asked - sum(not unit.has_every_form for unit in account.unfinished)
    yield f"{label}: {format_number(complete)}/{format_number(asked)} đơn vị đã gửi đủ biểu."
    for said, units in unfinished_vi(account.unfinished):
        yield f"  {said}: {units}"


def _half_year_table(account: Account) -> Table:
    table = Table(
        title=f"Sơ kết {account.period_label_vi}: {amid_sentence(account.area_name)}",
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    table.add_column("Chỉ tiêu thống kê")
    table.add_column("ĐVT")
    for heading in (
        "Thực hiện",
        "Chỉ tiêu giao",
        "% so với chỉ tiêu giao",
        "Cùng kỳ năm trước",
        "Tăng (+), giảm (-)",
    ):
        table.add_column(heading, justify="right", max_width=FIGURE_WIDTH)
    for line in account.half_year:
        table.add_row(
            line.label_vi,
            line.uom,
            format_number(line.value),
            format_number(line.target),
            format_percentage(line.attainment),
            format_number(line.same_period_last_year),
            format_change(line.change),
        )
    return table


def _programme_table(account: Account) -> Table:
    first, last = account.programme_periods or ("", "")
    table = Table(
        title=f"{account.programme_label_vi}, {first} đến {last}: {amid_sentence(account.area_name)}",
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    table.add_column("Chỉ tiêu")
    table.add_column("ĐVT")
    for heading in (first, last, "Lũy kế"):
        table.add_column(heading, justify="right")
    table.add_column("Đơn vị dẫn đầu")
    for line in account.programme:
        table.add_row(
            line.label_vi,
            line.uom,
            format_number(line.first),
            format_number(line.last),
            format_number(line.cumulative),
            line.leader or "",
        )
    return table


def _places(account: Account, home: WarehouseHome) -> str:
    edition = account.edition
    made = "mới" if account.is_edition_new else "đã có"
    answers = f"{format_number(account.answers)} tệp ở {home.feedback}" if account.answers else "không có"
    lines = [
        f"Bản số liệu ({made}): {edition.path}",
        f"  số liệu tính đến {moment_vi(edition.as_of)}, Parquet: {edition.folder}",
    ]
    if account.masked_cells:
        lines.append(f"  đã ẩn {format_number(account.masked_cells)} ô ghi tên hoặc số CCCD của hội viên")
    lines += [
        f"  bản hiện hành: {home.current}",
        f"Mở để xem tất cả: {home.outbox / SHELF_PAGE}",
        f"Biểu tổng hợp: {home.reviews}, cho chương trình khác: {home.exports}",
        f"Phiếu phản hồi cho đơn vị: {answers}",
    ]
    return "\n".join(lines)
