"""A small written review, made up."""

from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb

from publish.reports.charts.units import draw_units
from publish.reports.figures.tables import read_frame
from publish.reports.written_review import CellKind, Column, ReviewSection, ReviewTable, WrittenReview

INDICATORS = ReviewTable(
    "Kết quả thực hiện các chỉ tiêu",
    (
        Column("STT"),
        Column("Chỉ tiêu"),
        Column("Thực hiện", CellKind.NUMBER),
        Column("% so với chỉ tiêu giao", CellKind.PERCENTAGE),
        Column("Ngày", CellKind.DAY),
    ),
    (
        ("1", "Hội viên mới phát triển", Decimal("382.000"), 382 / 189, date(2023, 6, 13)),
        ("2", "Chiều dài đoạn đường phụ nữ tự quản", Decimal("63.650"), None, None),
    ),
    "Dấu “–” là chưa báo cáo.",
)
LIMITS = ReviewTable(
    "Những điều cần lưu ý",
    (
        Column("STT"),
        Column("Việc"),
        Column("Đơn vị"),
        Column("Nội dung"),
        Column("Số lượng", CellKind.NUMBER),
    ),
    (("1", "Dòng chờ sửa", "Xã Ea Bông", "Biểu 04: Hỗ trợ hội viên", 1),),
)


OTHERS = (
    ("phong_trao", "Kết quả thực hiện các phong trào, cuộc vận động"),
    ("de_an", "Thực hiện các phong trào, đề án, dự án"),
    ("kinh_te", "Hỗ trợ phụ nữ phát triển kinh tế"),
    ("khen_thuong", "Thi đua, khen thưởng"),
    ("danh_gia", "Đánh giá"),
    ("nhiem_vu", "Nhiệm vụ trọng tâm"),
)


def written_review() -> WrittenReview:
    """Make a review with each kind of cell, a gap, a chart and letters that a page must escape."""
    with duckdb.connect() as connection:
        units = read_frame(
            connection,
            "select * from (values ('Xã Ea Bông', 47, 20), ('Xã Bình Hòa', null, 20)) as u (unit_label, value, target)",
        )
    chart = draw_units(units, "Hội viên mới phát triển", "người")
    assert chart is not None
    return WrittenReview(
        template="half_year",
        name="bao-cao",
        title="BÁO CÁO",
        subtitle="Kết quả công tác Hội 6 tháng đầu năm 2023",
        words={
            "co_quan": "HỘI LHPN HUYỆN KRÔNG ANA",
            "co_quan_cap_tren": "HỘI LHPN TỈNH ĐẮK LẮK",
            "hoi_cap_tren": "Hội LHPN tỉnh Đắk Lắk",
            "dia_ban": "huyện Krông Ana",
            "dia_danh": "Krông Ana",
            "ky": "6 tháng đầu năm 2023",
            "ky_sau": "6 tháng cuối năm 2023",
            "nam": "2023",
            "nguon_so_lieu": "Số liệu tính đến 09:05 ngày 15/06/2023.",
        },
        sections=(
            ReviewSection("tinh_hinh", "Tình hình", ("8/9 đơn vị đã gửi báo cáo.",), ("Đặc điểm tình hình",)),
            ReviewSection("to_chuc", "Xây dựng tổ chức Hội", ("Phát triển mới 382 hội viên <b> & cộng sự.",)),
            *(ReviewSection(name, heading) for name, heading in OTHERS),
        ),
        tables=(INDICATORS, LIMITS),
        charts=(chart,),
        sources=None,
        edition_id="edition_20230615t020500_aa",
        as_of=datetime(2023, 6, 15, 2, 5, tzinfo=UTC),
    )
