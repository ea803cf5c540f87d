"""Documentation made anew from the project: dbt's own site and the data dictionary, each one file to open.

dbt reads the types of columns from the current edition, which nobody writes, so documentation can be made beside a
refresh; before the first edition the site has everything but those.
"""

from dataclasses import dataclass
from pathlib import Path

from build.dbt import run_dbt
from ingest.contracts.forms import load_contracts
from ingest.contracts.reference import load_reference
from ingest.durable import put_in_place
from ingest.home import DBT_PROJECT, WarehouseHome
from publish.catalogue.dictionary import read_published_tables
from publish.catalogue.dictionary_page import render_dictionary
from publish.editions.current import current_edition
from publish.editions.edition import PUBLISHED_SCHEMAS

MESSAGE_LINES = 12


class DocumentationError(RuntimeError):
    """dbt could not write its site; the text is the end of what it said."""


@dataclass(frozen=True, slots=True)
class Documentation:
    """The two pages."""

    dictionary: Path
    dbt_site: Path


def write_documentation(home: WarehouseHome, project: Path = DBT_PROJECT) -> Documentation:
    """Write both pages into the folder ``docs`` of a warehouse.

    Args:
        home: the warehouse; it need not hold anything yet.
        project: the dbt project.

    Raises:
        DocumentationError: dbt failed.
        UndescribedError: a published table or column is not explained.
    """
    home.docs.mkdir(parents=True, exist_ok=True)
    target = home.dbt / "docs"
    _generate(home, project, target)
    written = Documentation(home.docs / "data_dictionary.html", home.docs / "dbt.html")
    tables = read_published_tables(target / "manifest.json", frozenset(PUBLISHED_SCHEMAS))
    _put(written.dictionary, render_dictionary(tables, load_contracts(), load_reference().area))
    _put(written.dbt_site, (target / "static_index.html").read_text(encoding="utf-8"))
    return written


def _generate(home: WarehouseHome, project: Path, target: Path) -> None:
    has_edition = current_edition(home) is not None
    finished = run_dbt(
        ["docs", "generate", "--static", *([] if has_edition else ["--empty-catalog"])],
        home,
        {
            "WAREHOUSE_DB": str(home.current) if has_edition else ":memory:",
            "WAREHOUSE_TARGET": "edition" if has_edition else "warehouse",
        },
        project=project,
        target=target,
    )
    if finished.returncode != 0:
        # dbt tells on its output what is wrong; the other stream ends with what the interpreter says as it stops
        said = (finished.stdout.strip() or finished.stderr).splitlines()
        raise DocumentationError("\n".join(said[-MESSAGE_LINES:]))


def _put(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}")
    unfinished.write_text(text, encoding="utf-8")
    put_in_place(unfinished, path)
