"""How `make test` shares the tests out over two processes, and the sample as a warehouse, which several files read."""

import os
import shutil
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from ingest.home import WarehouseHome
from tests.sample_run import MADE_BEFORE, Run, run_dags, write_corpus

# What takes minutes on its own, the longest first: begun last, it would run while the other process has nothing left to do.
SLOWEST = (
    "tests/test_end_to_end.py",
    "tests/dbt_project",
    "tests/publish/editions/test_edition.py",
    "tests/publish/editions/test_withdrawal.py",
    "tests/publish/editions/test_two_times.py",
    "tests/publish/feedback/test_feedback.py",
    "tests/publish/templates/test_templates.py",
    "tests/papers/test_papers.py",
    "tests/operations/backups/test_restoration.py",
    "tests/operations/housekeeping/test_cleaning.py",
    "tests/operations/backups/test_backup.py",
    "tests/operations/runs/test_backfill.py",
    "tests/build",
    "tests/dags/test_local_run.py",
    "tests/publish/editions/test_candidates.py",
    "tests/publish/editions/test_privacy.py",
)

# These read the warehouse of one run through Airflow: one process runs it, once.
ON_THE_SAMPLE = (
    "tests/test_end_to_end.py",
    "tests/test_connections.py",
    "tests/notebooks/test_notebooks.py",
    "tests/publish/dashboards/test_against_metrics.py",
    "tests/publish/opendata/test_package_of_the_sample.py",
    "tests/publish/reading/test_reading_the_sample.py",
)


class PreparedTogetherScheduling(LoadScopeScheduling):
    """Keep together the tests of a file, and those of a folder with fixtures of its own: preparing is what costs."""

    def _split_scope(self, nodeid: str) -> str:
        file = Path(nodeid.partition("::")[0])
        if str(file) in ON_THE_SAMPLE:
            return ON_THE_SAMPLE[0]
        has_fixtures = (self.config.rootpath / file.parent / "conftest.py").exists()
        return str(file.parent if has_fixtures and file.parent != Path("tests") else file)

    def _assign_work_unit(self, node: WorkerController) -> None:
        """Give a process what is to be run next: the slowest first, then whatever has most tests."""
        slowest = next((scope for scope in SLOWEST if scope in self.workqueue), None)
        if slowest is not None:
            self.workqueue.move_to_end(slowest, last=False)
        super()._assign_work_unit(node)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> PreparedTogetherScheduling:
    """Give what hands the tests out."""
    return PreparedTogetherScheduling(config, log)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """The files of the sample, and what is known of them."""
    return write_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Run:
    """The sample, taken in, built and published; tests only read it."""
    home = WarehouseHome(tmp_path_factory.mktemp("home"))
    if made := os.environ.get(MADE_BEFORE):
        shutil.copytree(made, home.root, dirs_exist_ok=True)
        return Run(home, "")
    inbox, _ = request.getfixturevalue("corpus")
    shutil.copytree(inbox, home.inbox)
    return Run(home, run_dags(home))
