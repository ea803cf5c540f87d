"""The pages as text: the figures of the edition, nothing from elsewhere, nothing that a branch wrote as markup, light enough."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from publish.pages.board import arrange
from publish.pages.rendering import Context, Page, render_status
from publish.pages.returns import Returns
from tests.plain_vietnamese import slips
from tests.publish.pages.made_up import (
    AS_OF,
    EA_BONG,
    NOW,
    PERIOD,
    district,
    nation,
    national_seeds,
    published,
)

MOST_BYTES = 500_000


class Words(HTMLParser):
    """Collects what a reader sees, and the addresses that a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"style", "script"}
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.words.append(" ".join(data.split()))


def read(html: str) -> Words:
    words = Words()
    words.feed(html)
    return words


def status(returns: Returns | None = None, answers: dict[str, str] | None = None) -> str:
    (page,) = render_status(Context(arrange(returns or district(), NOW), published(), answers or {}))
    assert page.path == "status.html"
    return page.html


def test_figures_are_those_of_the_edition() -> None:
    text = " | ".join(read(status()).words)
    assert "Hội viên mới phát triển" in text
    assert "người | 382 | 189 | 202,11 % | 338 | +44" in text
    assert "đồng | 98.450.000 | – | – | 80.100.000 | +18.350.000" in text
    # nobody reported is no zero
    assert "vụ | – | – | – | 6 | –" in text
    assert "(8 / 9 đơn vị đã báo cáo)" in text
    assert "Hội viên giảm | Xã Quảng Điền | 6 tháng cuối năm 2022 | 12 | 14 | Có báo cáo gửi lại" in text


def test_the_page_says_as_of_when_returns_and_figures_are() -> None:
    text = " ".join(read(status()).words)
    assert "Báo cáo của đơn vị: đã kiểm tra đến 16:00 ngày 12/06/2023; từ đó nhận thêm 1 tệp." in text
    assert "số liệu tính đến 16:00 ngày 12/06/2023" in text


def test_a_state_is_told_by_colour_sign_and_word() -> None:
    html = status()
    for kind, told in (
        ("ok", "✓ đúng hạn"),
        ("late", "◆ quá hạn"),
        ("none", "○ chưa gửi"),
        ("no", "✗ chưa tiếp nhận"),
    ):
        assert f'<td><span class="s {kind}">{told}</span></td>' in html
    assert '<i class="s wait">▲ 2 dòng chờ sửa</i>' in html
    assert "● mới nhận" in html


def test_what_came_is_told_with_its_version_its_reason_and_its_answer() -> None:
    html = status(answers={f"{EA_BONG}-{PERIOD}": "feedback/2023H1/X%C3%A3/a.xlsx"})
    text = " ".join(read(html).words)
    assert "Báo cáo gửi lại (lần 2), thay báo cáo trước." in text
    assert "Không mở được tệp." in text
    assert "ô H14: Số nhỏ hơn mức cho phép." in text
    assert 'href="feedback/2023H1/X%C3%A3/a.xlsx">Mở phiếu phản hồi' in html
    assert "Moi nhan U24571.xlsx" in text


def test_how_late_a_first_return_came_is_told_and_a_correction_is_not_late() -> None:
    returns = district()
    late = replace(
        returns, parts=tuple(replace(part, received_at=AS_OF + timedelta(days=5)) for part in returns.parts)
    )
    text = " ".join(read(status(late)).words)
    assert "Bao cao U24565.xlsx – đã tiếp nhận; nhận lúc 16:00 ngày 17/06/2023, sau hạn 3 ngày;" in text
    assert "Bao cao U24568.xlsx – đã tiếp nhận; nhận lúc 16:00 ngày 17/06/2023; Biểu 01" in text


def test_every_link_leads_somewhere_and_nowhere_outside() -> None:
    found = read(status())
    inner = [address.removeprefix("#") for address in found.addresses if address.startswith("#")]
    assert len(inner) > 8
    assert not set(inner) - set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    assert {address for address in found.addresses if not address.startswith("#")} == {"index.html"}
    assert "http" not in status().replace("http-equiv", "")


def test_what_a_branch_wrote_is_text() -> None:
    html = status()
    assert "Cột K &lt;Lịch&gt; không có" in html
    assert "<Lịch>" not in html


def test_the_page_is_plain_vietnamese() -> None:
    said = [word for word in read(status()).words if not re.search(r"\.xlsx", word)]
    # a piece of a sentence between two tags may begin with its mark
    assert [slip for word in said for slip in slips(word.lstrip(" .,;:")) if "space before" not in slip] == []


def test_before_the_first_return_and_the_first_edition_the_page_says_so() -> None:
    (page,) = render_status(Context(arrange(Returns(None), NOW), None, {}))
    text = " ".join(read(page.html).words)
    assert "chưa kiểm tra lần nào" in text
    assert "Chưa công bố số liệu nào." in text
    assert "chưa công bố bản số liệu nào" in text


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> tuple[Page, ...]:
    seeds = national_seeds(tmp_path_factory.mktemp("seeds"))
    return country_pages(seeds)


def country_pages(seeds: Path) -> tuple[Page, ...]:
    return render_status(Context(arrange(nation(seeds), NOW, seeds), published("P01"), {}))


def test_the_whole_country_has_an_index_and_a_page_an_area(country: tuple[Page, ...]) -> None:
    index, *areas = country
    assert index.path == "status.html"
    pages = [page.path for page in areas if "_" not in page.path]
    assert len(pages) == 35
    assert set(re.findall(r'href="(status/[^"#]+)"', index.html)) == set(pages)
    assert "Xã số 3300" in areas[-1].html or any("Xã số 3300" in page.html for page in areas)


def test_no_page_of_the_whole_country_is_heavy(country: tuple[Page, ...]) -> None:
    heaviest = max(country, key=lambda page: len(page.html.encode()))
    assert 100_000 < len(heaviest.html.encode()) < MOST_BYTES


def test_half_years_that_do_not_fit_are_a_click_away(country: tuple[Page, ...]) -> None:
    written = {page.path for page in country}
    area = next(page for page in country if page.path == "status/P01.html")
    own = {link.removeprefix("../") for link in re.findall(r'href="(\.\./status/P01_[^"]+)"', area.html)}
    assert own
    assert own <= written
    shown = re.findall(r"<caption>Tình hình gửi báo cáo (6 tháng [^<]+)</caption>", area.html)
    assert len(shown) + len(own) == 10
