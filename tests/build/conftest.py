"""The small warehouse is that of ``tests.publish``: what is built there is what leaves it."""

from tests.publish.conftest import built_home, home

__all__ = ["built_home", "home"]
