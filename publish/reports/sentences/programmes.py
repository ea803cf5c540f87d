"""The sentences of a programme's review: what the whole window brought, from the first half-year to the last."""

from collections.abc import Iterable

from ingest.text.printing import format_number
from publish.names import amid_sentence
from publish.reports.figures.lines import ProgrammeFigure
from publish.reports.sentences import clauses
from publish.reports.sentences.words import IndicatorWords, load_words
from publish.reports.settings import ReportSettings


class ProgrammeSentences:
    """Tells the figures of a programme over the window of its review.

    Args:
        figures: all indicators that the programme has.
        settings: how percentages and money are shown.
        first_vi, last_vi: the first and last half-year in words.
    """

    def __init__(
        self, figures: Iterable[ProgrammeFigure], settings: ReportSettings, first_vi: str, last_vi: str
    ) -> None:
        self._figures = {figure.indicator_code: figure for figure in figures}
        self._settings = settings
        self._first_vi = first_vi
        self._last_vi = last_vi

    def activities(self) -> list[str]:
        """Give the sentences of what is no money, in the order of reports."""
        return [self.sentence(code) for code in self._heads() if self._figures[code].uom != clauses.MONEY]

    def money(self) -> list[str]:
        """Give the sentences of money."""
        return [self.sentence(code) for code in self._heads() if self._figures[code].uom == clauses.MONEY]

    def sentence(self, indicator_code: str) -> str:
        """Tell one indicator as a whole sentence."""
        figure = self._figures[indicator_code]
        words = load_words().of(figure.indicator_code, figure.label_vi, figure.uom)
        if figure.cumulative is None:
            return f"Chưa có số liệu về {words.name}{self._known_beside(words)}."
        told = clauses.told(figure.cumulative, words, figure.uom, self._companions(words), self._settings)
        if figure.is_stock:
            told = f"đến {self._last_vi}, {told}"
        reached = clauses.as_clause(told, self._against_target(figure, words))
        parts = (reached, self._course(figure, words), self._leader(figure, words), *_limits(figure))
        return f"{'; '.join(part for part in parts if part)}."

    def _heads(self) -> list[str]:
        """Give the indicators that have a sentence of their own, not one that another's takes along."""
        told = load_words().indicators
        added = {companion for code in self._figures if code in told for companion in told[code].companions}
        return load_words().in_order(code for code in self._figures if code not in added)

    def _companions(self, words: IndicatorWords) -> list[str]:
        return [
            added.format(value=clauses.value_vi(companion.cumulative, companion.uom, self._settings))
            for code, added in words.companions.items()
            if (companion := self._figures.get(code)) is not None and companion.cumulative
        ]

    def _known_beside(self, words: IndicatorWords) -> str:
        """Tell what is known of the companions of a figure that is not known, so that it does not hide them."""
        known = (
            clauses.labelled(companion.label_vi, companion.cumulative, companion.uom, self._settings)
            for code in words.companions
            if (companion := self._figures.get(code)) is not None and companion.cumulative
        )
        return "".join(f"; {told}" for told in known)

    def _against_target(self, figure: ProgrammeFigure, words: IndicatorWords) -> str:
        if not figure.cumulative_target or figure.cumulative_attainment is None:
            return ""
        asked = clauses.amount_vi(figure.cumulative_target, figure.uom, words.unit, self._settings)
        reached = "đạt" if figure.cumulative_attainment >= 1 else "mới đạt"
        share = self._settings.percentage(figure.cumulative_attainment)
        return f"{reached} {share} so với tổng chỉ tiêu giao ({asked})"

    def _course(self, figure: ProgrammeFigure, words: IndicatorWords) -> str:
        if figure.first is None or figure.last is None or self._first_vi == self._last_vi:
            return ""
        first = clauses.amount_vi(figure.first, figure.uom, words.unit, self._settings)
        last = clauses.amount_vi(figure.last, figure.uom, words.unit, self._settings)
        if not figure.is_stock:
            began = f"là {first}" if figure.first else "không có"
            return f"riêng {self._first_vi} {began}, {self._last_vi} {f'là {last}' if figure.last else 'không có'}"
        if figure.last == figure.first:
            return f"bằng {self._first_vi}"
        rose = "tăng" if figure.last > figure.first else "giảm"
        by = clauses.amount_vi(abs(figure.last - figure.first), figure.uom, words.unit, self._settings)
        return f"{rose} {by} so với {self._first_vi} ({first if figure.first else 'khi đó chưa có'})"

    def _leader(self, figure: ProgrammeFigure, words: IndicatorWords) -> str:
        if figure.leader is None or figure.leader_value is None:
            return ""
        has = clauses.amount_vi(figure.leader_value, figure.uom, words.unit, self._settings)
        return f"nhiều nhất là {amid_sentence(figure.leader)} ({has})"


def _limits(figure: ProgrammeFigure) -> list[str]:
    limits = []
    if figure.missing_half_years:
        limits.append(f"{format_number(figure.missing_half_years)} kỳ chưa đủ số liệu")
    if figure.waiting_rows:
        limits.append(f"còn {format_number(figure.waiting_rows)} dòng chờ sửa")
    return limits
