"""Which tests share what is costly to prepare, so that `make test` can share the rest out over two processes."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together the tests of a file, and those of a folder with fixtures of its own."""
    for item in items:
        folder = item.path.parent
        has_fixtures = folder != item.config.rootpath / "tests" and (folder / "conftest.py").exists()
        item.add_marker(pytest.mark.xdist_group(str(folder if has_fixtures else item.path)))
