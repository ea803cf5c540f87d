"""The sentences of a half-year report: one a figure, a paragraph a programme that had activity."""

from collections.abc import Iterable, Iterator

from publish.reports.figures.lines import HalfYearFigure, Programme
from publish.reports.sentences import clauses
from publish.reports.sentences.words import IndicatorWords, Words, load_words
from publish.reports.settings import ReportSettings


class HalfYearSentences:
    """Tells the figures of one half-year of the area.

    Args:
        figures: all indicators of the half-year.
        settings: how percentages and money are shown.
        is_second_half: then the year is told, too: it is what the targets of the year are for.
    """

    def __init__(
        self, figures: Iterable[HalfYearFigure], settings: ReportSettings, *, is_second_half: bool
    ) -> None:
        self._figures = {figure.indicator_code: figure for figure in figures}
        self._settings = settings
        self._is_second_half = is_second_half
        self._words = load_words()

    def section(self, name: str) -> list[str]:
        """Give the sentences of a section of the report, in its order."""
        return [
            self.sentence(code) for code in self._words.sections[name].indicators if code in self._figures
        ]

    def unlisted(self) -> list[str]:
        """Give the sentences of indicators that no section lists, so that none is lost."""
        listed = _listed(self._words)
        return [self.sentence(code) for code in self._figures if code not in listed]

    def sentence(self, indicator_code: str) -> str:
        """Tell one indicator as a whole sentence."""
        figure = self._figures[indicator_code]
        words = self._words.of(figure.indicator_code, figure.label_vi, figure.uom)
        if figure.value is None:
            return f"{_unknown(figure, words)}{self._known_beside(words)}."
        companions = list(_companions(words, self._figures, self._settings))
        return clauses.as_sentence(
            clauses.told(figure.value, words, figure.uom, companions, self._settings),
            clauses.against_target(figure, words, self._settings),
            self._year(figure, words),
            clauses.against_last_year(figure, words, self._settings),
            limits=clauses.limits_vi(figure, words, self._settings),
        )

    def _known_beside(self, words: IndicatorWords) -> str:
        """Tell what is known of the companions of a figure that is not known, so that it does not hide them."""
        known = (
            clauses.labelled(companion.label_vi, companion.value, companion.uom, self._settings)
            for code in words.companions
            if (companion := self._figures.get(code)) is not None and companion.value
        )
        return "".join(f"; {told}" for told in known)

    def _year(self, figure: HalfYearFigure, words: IndicatorWords) -> str:
        if self._is_second_half or not figure.target:
            return clauses.against_year_target(figure, words, self._settings)
        return ""


def programme_paragraph(programme: Programme, settings: ReportSettings) -> str:
    """Tell a programme that had activity in one paragraph: what was done, without targets, which are for all programmes."""
    words = load_words()
    figures = {figure.indicator_code: figure for figure in programme.figures}
    added = {
        code
        for figure in programme.figures
        for code in words.of(figure.indicator_code, figure.label_vi, figure.uom).companions
    }
    done = []
    for code in words.in_order(figures):
        figure = figures[code]
        if code in added or figure.value is None:
            continue
        told_by = words.of(figure.indicator_code, figure.label_vi, figure.uom)
        companions = list(_companions(told_by, figures, settings))
        done.append(
            clauses.with_limits(
                clauses.told(figure.value, told_by, figure.uom, companions, settings),
                clauses.limits_vi(figure, told_by, settings),
            )
        )
    return f"{programme.label_vi}: {'; '.join(done)}."


def _listed(words: Words) -> set[str]:
    told = {code for section in words.sections.values() for code in section.indicators}
    return told | {
        code for code in told if code in words.indicators for code in words.indicators[code].companions
    }


def _companions(
    words: IndicatorWords, figures: dict[str, HalfYearFigure], settings: ReportSettings
) -> Iterator[str]:
    for code, added in words.companions.items():
        companion = figures.get(code)
        if companion is not None and companion.value:
            yield added.format(value=clauses.value_vi(companion.value, companion.uom, settings))


def _unknown(figure: HalfYearFigure, words: IndicatorWords) -> str:
    if figure.waiting_rows:
        return f"Chưa có số liệu về {words.name}: {figure.waiting_rows} dòng báo cáo còn chờ sửa"
    return f"Chưa có số liệu về {words.name}: chưa đơn vị nào báo cáo nội dung này"
