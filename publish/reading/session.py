"""One edition, open for as long as an analyst works with it.

The file is attached read-only to a database of the session's own in memory. It is opened under the name that an edition keeps
(``editions/edition_….duckdb``), not as ``current.duckdb``, which is another file after the next refresh.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pandas as pd
import pyarrow as pa

from ingest.home import WarehouseHome
from ingest.own_commands import typed
from ingest.troubles import telling_troubles
from publish.answers.trace import trace_in
from publish.catalogue.units_of_measure import unit_of_measure
from publish.editions.current import NoEditionError
from publish.editions.edition import quoted
from publish.reading.labels import in_words, labels_of
from publish.reading.metrics import SemanticLayer

CATALOG = "edition"
Parameters = Sequence[object] | Mapping[str, object] | None
_OF_SOURCES = (
    "unit_name",
    "kind",
    "form_name",
    "carried_from_vi",
    "file_name",
    "sheet_name",
    "row_number",
    "contribution",
)


class UnknownTableError(LookupError):
    """The edition has no such table; the text names those that are called alike."""


def open_edition(where: WarehouseHome | Path | str | None = None) -> "OpenEdition":
    """Open an edition for reading.

    Args:
        where: a home or its folder (its current edition), an edition's DuckDB file, or nothing for the home that
            ``WAREHOUSE_HOME`` names.

    Raises:
        NoEditionError: there is no edition; says in Vietnamese what to do.
        WarehouseTroubleError: the file is damaged, or may not be read.
    """
    if where is None:
        where = WarehouseHome.from_environment()
    path = where.root if isinstance(where, WarehouseHome) else Path(where).expanduser()
    if path.is_dir():
        path = WarehouseHome(path.resolve()).current
    if not path.is_file():
        raise NoEditionError(f"Không có bản số liệu ở {path}. Đề nghị chạy “{typed('refresh')}” trước.")
    return OpenEdition(_kept_name_of(path.resolve()))


class OpenEdition:
    """An edition that is open; see the package for what it is asked. Closes at the end of a ``with``, or by ``close``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = _attach(path)
        found = self._connection.execute(
            "select edition_id, as_of, newest_period from meta.edition"
        ).fetchall()
        self.edition_id, self.as_of, self.newest_period = _first(found, path)
        self._semantic_layer = SemanticLayer(_home_of(path), CATALOG)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"OpenEdition({self.edition_id}, as of {self.as_of:%Y-%m-%d %H:%M} UTC)"

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @telling_troubles()
    def arrow(self, query: str, parameters: Parameters = None) -> pa.Table:
        """Ask in SQL; gives a table of Arrow, decimals as decimals.

        Args:
            query: SQL of DuckDB; tables are named as in ``tables()``.
            parameters: values of its ``?`` or ``$names``.
        """
        return self._connection.sql(query, params=parameters).to_arrow_table()

    def sql(self, query: str, parameters: Parameters = None, *, exact: bool = True) -> pd.DataFrame:
        """Ask in SQL; gives a frame of Arrow types.

        Args:
            query: SQL of DuckDB; tables are named as in ``tables()``.
            parameters: values of its ``?`` or ``$names``.
            exact: keep decimals; otherwise they are floats, which divide.
        """
        return _frame(self.arrow(query, parameters), exact=exact)

    def tables(self) -> pd.DataFrame:
        """List what there is: one row per table or view, with its label, its number of rows and what a row of it is."""
        return self.sql(
            "select schema_name || '.' || table_name as table_name, label_vi, row_count, description_vi, description"
            " from meta.data_dictionary left join meta.row_counts using (schema_name, table_name)"
            " where column_name is null order by all"
        )

    def columns(self, table: str) -> pd.DataFrame:
        """Describe the columns of a table in their order.

        Args:
            table: its name, with or without its schema.

        Returns:
            ``column_name``, ``data_type``, ``label_vi``, ``uom`` (the unit of measure; the word ``uom`` where each row has
            its own in that column), ``description_vi``, ``description``.
        """
        schema, name = self._find(table)
        described = self.arrow(
            "select column_name, data_type, label_vi, description_vi, description from meta.data_dictionary"
            " where schema_name = ? and table_name = ? and column_name is not null",
            [schema, name],
        )
        names = described.column("column_name").to_pylist()
        uom = pa.array([unit_of_measure(column, names) for column in names], pa.string())
        return _frame(described.add_column(3, "uom", uom), exact=True)

    def labels(self, table: str) -> dict[str, str]:
        """Give the Vietnamese labels of a table's columns by their names, to rename a frame with."""
        return labels_of(self._connection, *self._find(table))

    def table(
        self,
        table: str,
        where: str = "true",
        parameters: Parameters = None,
        *,
        labelled: bool = False,
        exact: bool = True,
    ) -> pd.DataFrame:
        """Read a table, or those of its rows for which a condition holds, in the order of the edition.

        Args:
            table: its name, with or without its schema.
            where: a condition in SQL on its columns.
            parameters: values of its ``?`` or ``$names``.
            labelled: columns by their Vietnamese labels, codes in words.
            exact: keep decimals; otherwise they are floats, which divide.

        Raises:
            UnknownTableError: there is no such table.
        """
        schema, name = self._find(table)
        columns = in_words(self._connection, schema, name) if labelled else "of_table.*"
        query = f'select {columns} from (from "{schema}"."{name}" where {where}) as of_table'
        return self.sql(query, parameters, exact=exact)

    def figure_sources(self, indicator: str, unit: str, period: str) -> pd.DataFrame:
        """Walk a figure of the half-year review back to the rows of the files that it comes from.

        Args:
            indicator: code or Vietnamese name of an indicator.
            unit: key, code or any known spelling of the name of a unit, or of the district.
            period: a half-year (``2023H1``).

        Returns:
            One row per row of a file, or per carried figure, which has no file: ``unit_name``, ``kind``, ``form_name``,
            ``carried_from_vi``, ``file_name``, ``sheet_name``, ``row_number``, ``contribution``. The contributions add up
            to the figure.

        Raises:
            UnknownChoiceError: the review has no such unit, half-year or indicator; says in Vietnamese what there is.
        """
        traced = trace_in(self._connection, unit, period, indicator)
        columns = {name: [getattr(source, name) for source in traced.sources] for name in _OF_SOURCES}
        kinds = {"row_number": pa.int64(), "contribution": pa.decimal128(20, 3)}
        return _frame(
            pa.table(
                {name: pa.array(cells, kinds.get(name, pa.string())) for name, cells in columns.items()}
            ),
            exact=True,
        )

    def metric_names(self) -> pd.DataFrame:
        """List the metrics: ``metric``, ``label_vi``, ``uom``."""
        named = self._semantic_layer.names()
        return pd.DataFrame(named, columns=["metric", "label_vi", "uom"])

    def metrics(
        self,
        metrics: Sequence[str],
        by: Sequence[str] = (),
        where: str | Sequence[str] = (),
        *,
        exact: bool = True,
    ) -> pd.DataFrame:
        """Ask metrics by name, as ``make query`` does; what they mean and can be grouped by is in docs/semantic-layer.md.

        Args:
            metrics: names (``plastic_kg``, ``new_members_attainment``).
            by: what to group and to order by (``metric_time__half_year``, ``unit__unit_name``).
            where: conditions as MetricFlow writes them (``{{ Dimension('period__period_code') }} = '2023H1'``).
            exact: keep decimals; otherwise they are floats. Ratios are floats always.

        Raises:
            MetricsError: there is no such metric, or it cannot be grouped like that.
        """
        conditions = [where] if isinstance(where, str) else list(where)
        return self.sql(self._semantic_layer.sql(metrics, by, conditions), exact=exact)

    def _find(self, table: str) -> tuple[str, str]:
        known = self._connection.execute(
            "select schema_name, table_name from meta.data_dictionary where column_name is null order by all"
        ).fetchall()
        for schema, name in known:
            if table in (f"{schema}.{name}", name):
                return str(schema), str(name)
        alike = get_close_matches(table, [f"{schema}.{name}" for schema, name in known], n=3, cutoff=0.3)
        raise UnknownTableError(f"no table {table!r} in this edition; like it: {', '.join(alike)}")


@telling_troubles()
def _attach(path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.execute(f"attach '{quoted(path)}' as {CATALOG} (read_only)")
    connection.execute(f"use {CATALOG}")
    return connection


def _frame(table: pa.Table, *, exact: bool) -> pd.DataFrame:
    if not exact:
        schema = pa.schema(
            [
                field.with_type(pa.float64()) if pa.types.is_decimal(field.type) else field
                for field in table.schema
            ]
        )
        table = table.cast(schema)
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def _kept_name_of(path: Path) -> Path:
    """Give the name under which an edition stays what it is, where it has one beside ``current.duckdb``."""
    with suppress(duckdb.Error), _attach(path) as connection:
        stamped = connection.execute("select edition_id from meta.edition").fetchone()
        kept = WarehouseHome(path.parent).editions / f"{stamped[0] if stamped else ''}.duckdb"
        if kept.is_file() and kept.stat().st_size == path.stat().st_size:
            return kept
    return path


def _home_of(path: Path) -> WarehouseHome | None:
    """Give the home that an edition lies in; None for a file elsewhere."""
    for root in path.parents[:2]:
        if WarehouseHome(root).dbt.is_dir():
            return WarehouseHome(root)
    return None


def _first(rows: list[Any], path: Path) -> tuple[str, datetime, str | None]:
    if not rows:
        raise NoEditionError(f"Tệp {path} không phải là bản số liệu.")
    edition_id, as_of, newest_period = rows[0]
    return edition_id, as_of, newest_period
