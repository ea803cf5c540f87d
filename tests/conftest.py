"""How `make test` shares the tests out over two processes."""

from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling


class PreparedTogetherScheduling(LoadScopeScheduling):
    """Keep together the tests of a file, and those of a folder with fixtures of its own: preparing is what costs."""

    def _split_scope(self, nodeid: str) -> str:
        file = Path(nodeid.partition("::")[0])
        has_fixtures = (self.config.rootpath / file.parent / "conftest.py").exists()
        return str(file.parent if has_fixtures and file.parent != Path("tests") else file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> PreparedTogetherScheduling:
    """Give what hands the tests out."""
    return PreparedTogetherScheduling(config, log)
