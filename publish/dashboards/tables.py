"""Superset's datasets: every published table of ``core`` and ``reviews``, and the tables that dashboards show.

Names and sentences of columns are those of the data dictionary. Metrics say how they add up; no dataset takes any that
somebody drags together from a column, so a stock or a ratio is never added up by accident.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from publish.catalogue.dictionary import PublishedColumn, PublishedTable
from publish.catalogue.semantic_layer import (
    BY_PROGRAMME,
    TOGETHER,
    Indicator,
    figure_expression,
    target_expression,
)
from publish.dashboards.definitions import (
    DEFINITIONS,
    AdditiveColumns,
    ColumnDefinition,
    Definitions,
    MetricDefinition,
)
from publish.dashboards.links import link_with_choices

# as-was and as-is (docs/naming.md): what people choose, and how the tables of the two maps are named
MAPS = {"Theo đơn vị lúc báo cáo": "", "Theo đơn vị hiện nay": "_as_is"}
# figures of several units, half-years, indicators or programmes are never one
_ONE_FIGURE = " and ".join(
    f"count(distinct {name}) = 1" for name in ("indicator_code", "unit_key", "programme_code", "map_vi")
)
_ADDS_UP = "Cộng được giữa các đơn vị và các kỳ."
_OF_ONE_PERIOD = "Cộng được giữa các đơn vị trong cùng một kỳ; chọn nhiều kỳ thì không có số."


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of a dataset; ``number_format`` in the words of d3, empty for text."""

    name: str
    label_vi: str
    description_vi: str
    sql: str
    number_format: str = ",.2~f"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset of Superset.

    Attributes:
        schema_name: where its table is; None for one that ``sql`` makes.
        time_column: the column that time filters ask for; None where there is none.
    """

    name: str
    schema_name: str | None
    label_vi: str
    description_vi: str
    columns: tuple[PublishedColumn, ...]
    metrics: tuple[Metric, ...]
    sql: str | None = None

    @property
    def time_column(self) -> str | None:
        """The first column of a day or an instant."""
        return next((column.name for column in self.columns if is_time(column)), None)


def is_time(column: PublishedColumn) -> bool:
    """Tell whether a column holds days or instants."""
    return column.data_type.upper().startswith(("DATE", "TIMESTAMP"))


def published_datasets(
    tables: Iterable[PublishedTable], indicators: tuple[Indicator, ...], additive: AdditiveColumns
) -> tuple[Dataset, ...]:
    """Give a dataset for each published table."""
    return tuple(
        Dataset(
            name=table.name,
            schema_name=table.schema_name,
            label_vi=table.label_vi,
            description_vi=table.description_vi,
            columns=table.columns,
            metrics=(_row_count(), *_metrics_of(table, indicators, additive)),
        )
        for table in tables
    )


def dashboard_datasets(definitions: Definitions, tables: Iterable[PublishedTable]) -> tuple[Dataset, ...]:
    """Give the datasets that dashboards show.

    Raises:
        LookupError: a column has no words of its own, and the data dictionary knows none of its name.
    """
    known = _words_by_column(tables)
    environment = Environment(
        loader=FileSystemLoader(DEFINITIONS / "datasets"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # SQL, not HTML
        keep_trailing_newline=False,
    )
    context = {
        "maps": MAPS,
        "tiles": definitions.tiles,
        "tile_columns": max(tile.tile_column for tile in definitions.tiles),
        "expected_forms": [form.form_name for form in definitions.forms],
        "link_to": {dashboard.slug: link_with_choices(dashboard) for dashboard in definitions.dashboards},
    }
    made = []
    for name, described in definitions.datasets.items():
        columns = dict(described.columns)
        if name == "returns_by_form":
            columns |= {
                f"{form.form_name}_vi": ColumnDefinition(
                    label_vi=form.label_vi, description_vi="Tình trạng gửi của biểu này."
                )
                for form in definitions.forms
            }
        made.append(
            Dataset(
                name=name,
                schema_name=None,
                label_vi=described.label_vi,
                description_vi=described.description_vi,
                columns=tuple(_column(column, words, known) for column, words in columns.items()),
                metrics=tuple(
                    _metric(metric, words, described.metrics) for metric, words in described.metrics.items()
                ),
                sql=environment.get_template(f"{name}.sql.j2").render(context).strip(),
            )
        )
    return tuple(made)


def _words_by_column(tables: Iterable[PublishedTable]) -> dict[str, PublishedColumn]:
    """Give the words of columns by their names; those of reviews before those of facts, which say them more narrowly."""
    ordered = sorted(tables, key=lambda table: (table.schema_name != "reviews", table.name))
    known: dict[str, PublishedColumn] = {}
    for table in ordered:
        for column in table.columns:
            if column.label_vi:
                known.setdefault(column.name, column)
    return known


def _column(name: str, words: ColumnDefinition, known: Mapping[str, PublishedColumn]) -> PublishedColumn:
    same = known.get(name)
    if same is None and not words.label_vi:
        raise LookupError(f"bi/definitions/datasets.yml: no words for the column {name}")
    return PublishedColumn(
        name=name,
        data_type=words.type,
        description="",
        label_vi=words.label_vi or (same.label_vi if same else ""),
        description_vi=words.description_vi or (same.description_vi if same else ""),
    )


def _metric(name: str, words: MetricDefinition, others: Mapping[str, MetricDefinition]) -> Metric:
    number = (
        words.sql or words.text or words.percentage or (others[words.text_of].sql if words.text_of else "")
    )
    sql = number.replace("one_figure()", _ONE_FIGURE)
    if words.percentage:
        sql = f"coalesce(translate(format('{{:,.2f}}', trunc(round(({sql}) * 10000, 6)) / 100), ',.', '.,') || chr(160) || '%', '–')"
    elif not words.sql:
        sql = (
            "coalesce(translate(rtrim(rtrim(format('{:,.2f}', cast(cast(("
            f"{sql}) as decimal(20, 2)) as double)), '0'), '.'), ',.', '.,'), '–')"
        )
    return Metric(name, words.label_vi, words.description_vi, sql, ",.2~f" if words.sql else "")


def _row_count() -> Metric:
    return Metric("row_count", "Số dòng", "Đếm số dòng của bảng.", "count(*)", ",d")


def _metrics_of(
    table: PublishedTable, indicators: tuple[Indicator, ...], additive: AdditiveColumns
) -> list[Metric]:
    base = table.name.removesuffix("_units").removesuffix("_as_is")
    if table.schema_name == "reviews" and base == "indicator_values":
        return [metric for indicator in indicators for metric in _figures_of(indicator)]
    if table.schema_name == "reviews" and base == "indicator_targets":
        return [_target_of(indicator) for indicator in indicators]
    labels = {column.name: column.label_vi for column in table.columns}
    return [
        *(
            Metric(f"sum_{name}", labels[name], _ADDS_UP, f"sum({name})")
            for name in additive.across_units_and_periods.get(table.name, ())
        ),
        *(
            Metric(f"sum_{name}", labels[name], _OF_ONE_PERIOD, _of_one_period(f"sum({name})"))
            for name in additive.across_units_alone.get(table.name, ())
        ),
    ]


def _figures_of(indicator: Indicator) -> list[Metric]:
    """As MetricFlow's measures are, but that a stock asks for one half-year."""
    told = _OF_ONE_PERIOD if indicator.is_stock else _ADDS_UP
    made = [
        Metric(
            indicator.code,
            f"{indicator.label_vi} ({indicator.uom})",
            told,
            _sum_of(indicator, figure_expression(indicator, TOGETHER)),
        )
    ]
    if indicator.is_by_programme:
        made.append(
            Metric(
                f"{indicator.code}_by_programme",
                f"{indicator.label_vi}, theo phong trào ({indicator.uom})",
                f"{told} Chỉ gồm số liệu thuộc một phong trào, đề án.",
                _sum_of(indicator, figure_expression(indicator, BY_PROGRAMME)),
            )
        )
    return made


def _target_of(indicator: Indicator) -> Metric:
    told = _OF_ONE_PERIOD if indicator.is_stock else _ADDS_UP
    return Metric(
        f"{indicator.code}_target",
        f"{indicator.label_vi}: chỉ tiêu giao ({indicator.uom})",
        f"Chỉ tiêu giao của kỳ 6 tháng, không gồm chỉ tiêu cả năm. {told}",
        _sum_of(indicator, target_expression(indicator, "half_year")),
    )


def _sum_of(indicator: Indicator, expression: str) -> str:
    summed = f"sum({expression})"
    return _of_one_period(summed) if indicator.is_stock else summed


def _of_one_period(sql: str) -> str:
    return f"case when count(distinct period_code) = 1 then {sql} end"
