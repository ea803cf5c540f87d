"""What an office chooses of its reports: the layout, how percentages and money are shown, its own templates."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from ingest.home import WarehouseHome
from ingest.text.printing import format_percentage, hundredths, money_vi

LAYOUT = "WAREHOUSE_REPORT_LAYOUT"
PERCENTAGES = "WAREHOUSE_REPORT_PERCENTAGES"
MONEY = "WAREHOUSE_REPORT_MONEY"
# from here to 1 a ratio that is rounded to two decimals of a percentage may read as 100,00 %
ALMOST_WHOLE = Decimal("0.9999")


class Layout(StrEnum):
    """The two layouts of an official report."""

    DECREE_30 = "decree_30"
    ORGANISATION = "organisation"


class UnknownSettingError(ValueError):
    """A setting has a value that it does not know; the text is Vietnamese and says which there are."""


class TemplateTroubleError(ValueError):
    """A template that the office changed cannot be filled in; the text is Vietnamese and says what to do."""


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """How reports are written.

    Attributes:
        layout: that of Decree 30/2020/NĐ-CP, or that of party and mass organisations.
        is_truncated: percentages are cut off after two decimals, as the district's published reports do, else rounded.
        is_money_rounded: money in sentences is told by whole millions (*hơn 98 triệu đồng*), else to the đồng.
        own_templates: where the office keeps templates that it changed; those of the project stand in for what is not there.
    """

    layout: Layout = Layout.DECREE_30
    is_truncated: bool = True
    is_money_rounded: bool = True
    own_templates: Path | None = None

    @classmethod
    def from_environment(
        cls, home: WarehouseHome, environment: Mapping[str, str] = os.environ
    ) -> "ReportSettings":
        """Read the settings of an office; what is not set is as above.

        Raises:
            UnknownSettingError: one has a value that it does not know.
        """
        return cls(
            layout=Layout(_choice(environment, LAYOUT, (Layout.DECREE_30, Layout.ORGANISATION))),
            is_truncated=_choice(environment, PERCENTAGES, ("truncated", "rounded")) == "truncated",
            is_money_rounded=_choice(environment, MONEY, ("rounded", "exact")) == "rounded",
            own_templates=home.report_templates,
        )

    def percentage(self, ratio: Decimal | float) -> str:
        """Write a ratio as a percentage; what is below the whole is never rounded up to it: 99,996 % is 99,99 %."""
        return format_percentage(ratio, is_truncated=self._is_cut_off(ratio))

    def ratio_shown(self, ratio: Decimal | float) -> Decimal:
        """Give the ratio of which ``percentage`` is the whole text, so that a workbook shows the same."""
        return hundredths(ratio, is_truncated=self._is_cut_off(ratio)) / 100

    def _is_cut_off(self, ratio: Decimal | float) -> bool:
        return self.is_truncated or ALMOST_WHOLE <= ratio < 1

    def money(self, amount_vnd: Decimal) -> str:
        """Write an amount as it stands in a sentence; one below 0 by its size: *âm hơn 1 triệu đồng*."""
        sign = "âm " if amount_vnd < 0 else ""
        return f"{sign}{money_vi(abs(amount_vnd), is_rounded=self.is_money_rounded)}"


def _choice(environment: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    asked = environment.get(name, "").strip() or known[0]
    if asked not in known:
        raise UnknownSettingError(
            f"Thiết lập {name} ghi “{asked}”. Đề nghị ghi một trong: {', '.join(known)}."
        )
    return asked
