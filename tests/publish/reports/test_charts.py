"""What a chart says in words to who does not see it."""

import duckdb
import pandas as pd
import pytest

from publish.reports.charts.trend import draw_trend
from publish.reports.charts.units import draw_units
from publish.reports.figures.tables import read_frame


def frame(columns: str, *rows: str) -> pd.DataFrame:
    with duckdb.connect() as connection:
        return read_frame(connection, f"select * from (values {', '.join(rows)}) as lines ({columns})")


def units(*values: int | None) -> pd.DataFrame:
    rows = (
        f"('Xã {name}', {'null' if value is None else value}, 20)"
        for name, value in zip("ABCD", values, strict=False)
    )
    return frame("unit_label, value, target", *rows)


def half_years(*values: int) -> pd.DataFrame:
    rows = (
        f"('{year}H1', '6 tháng đầu năm {year}', {year}, {value}, null::int, false, false)"
        for year, value in enumerate(values, start=2020)
    )
    return frame("period_code, period_label_vi, year, value, target, is_part_year, is_partial", *rows)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (units(9, 5, 5), "nhiều nhất là xã A với 9 người; mọi đơn vị đều có số liệu."),
        (units(9, 9, 5), "nhiều nhất là xã A và xã B, mỗi đơn vị 9 người; mọi đơn vị đều có số liệu."),
        (units(9, 9, 9, None), "các đơn vị bằng nhau, mỗi đơn vị 9 người; 1 đơn vị chưa có số liệu."),
        (units(9, None), "nhiều nhất là xã A với 9 người; 1 đơn vị chưa có số liệu."),
    ],
)
def test_units_that_share_the_first_place_are_all_named(shown: pd.DataFrame, said: str) -> None:
    chart = draw_units(shown, "Hội viên mới phát triển", "người")
    assert chart is not None
    assert chart.alt_text.endswith(f"đơn vị: {said}")


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (half_years(1, 3, 2), "cao nhất là 6 tháng đầu năm 2021 với 3 lớp."),
        (half_years(3, 3, 2), "cao nhất là 6 tháng đầu năm 2020 và 6 tháng đầu năm 2021, mỗi kỳ 3 lớp."),
        (half_years(3, 3), "các kỳ bằng nhau, mỗi kỳ 3 lớp."),
    ],
)
def test_half_years_that_are_equally_high_are_all_named(shown: pd.DataFrame, said: str) -> None:
    chart = draw_trend(shown, "Lớp dạy nghề", "lớp")
    assert chart is not None
    assert chart.alt_text.endswith(f"; {said}")
