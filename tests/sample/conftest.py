"""The corpus, made once for all tests of the generator."""

from pathlib import Path

import pytest

from sample.corpus import Corpus, build_corpus, write_corpus


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The corpus in memory."""
    return build_corpus()


@pytest.fixture(scope="session")
def folder(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus as files."""
    into = tmp_path_factory.mktemp("corpus")
    write_corpus(corpus, into)
    return into
