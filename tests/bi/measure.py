"""Measure how soon dashboards answer, of a home whose dashboards run: ``make bench-bi WAREHOUSE_HOME=…``.

Each dashboard is asked as a browser asks that opens it: every chart with the filters that it begins with, six at a time,
by the clock. The edition may be any, of a district or of the whole country.
"""

import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from ingest.home import WarehouseHome
from operations.services.dashboards import SESSION_FILE, address_of
from operations.services.session import ServiceSession
from tests.bi.running_superset import Served
from tests.bi.test_superset import DASHBOARDS, DATASETS, SLUGS, context_of, stand_in

ROUNDS = 7
# as many as a browser asks one host for at a time
AT_A_TIME = 6


def main() -> int:
    """Print a line a dashboard: all its charts together, and the slowest of them asked alone."""
    home = WarehouseHome.from_environment()
    session = ServiceSession.read(home.bi / SESSION_FILE)
    if session is None or session.supervisor() is None:
        print("Start the dashboards first: make bi-up", file=sys.stderr)
        return 1
    visitor = Served(home, address_of(session.port)).visitor("xem")
    table = Table(
        "dashboard", "charts", "all charts, s", "slowest round, s", "slowest chart alone, s", "which"
    )
    for slug in SLUGS:
        edition = visitor.open_dashboard(slug)
        taken = taken_first(home.editions / f"{edition}.duckdb", slug)
        contexts = context_of(visitor, slug)
        charts = [
            (chart["slice_name"], contexts[chart["slice_name"]], {"filters": filters})
            for chart, filters in stand_in(slug, taken)
        ]

        def ask(chart: tuple[str, Any, Any]) -> tuple[float, str]:
            name, context, extra = chart
            began = time.perf_counter()
            visitor.rows_of(context, extra)
            return time.perf_counter() - began, name

        together = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            with ThreadPoolExecutor(AT_A_TIME) as asking:
                list(asking.map(ask, charts))
            together.append(time.perf_counter() - began)
        alone, name = max(ask(chart) for chart in charts)
        median = statistics.median(together)
        table.add_row(slug, str(len(charts)), f"{median:.2f}", f"{max(together):.2f}", f"{alone:.2f}", name)
    Console(width=120).print(table)
    return 0


def taken_first(edition: Path, slug: str) -> dict[str, str]:
    """Give what the filters of a dashboard have taken when it opens on an edition, by column."""
    [dashboard] = [found for found in DASHBOARDS.values() if found["slug"] == slug]
    taken = {}
    with duckdb.connect(str(edition), read_only=True) as connection:
        for described in dashboard["metadata"]["native_filter_configuration"]:
            [target] = described["targets"]
            column = target["column"]["name"]
            if described["defaultDataMask"]["filterState"].get("value"):
                [taken[column]] = described["defaultDataMask"]["filterState"]["value"]
            elif described["controlValues"]["defaultToFirstItem"]:
                dataset = DATASETS[target["datasetUuid"]]
                [order] = [
                    metric["expression"]
                    for metric in dataset["metrics"]
                    if metric["metric_name"] == described["sortMetric"]
                ]
                found = connection.execute(
                    f"select {column} from ({dataset['sql']}) group by 1 order by {order} desc limit 1"
                ).fetchone()
                assert found is not None, column
                taken[column] = found[0]
    return taken


if __name__ == "__main__":
    sys.exit(main())
