"""Which nodes of a project are stale after a change, as dbt's own manifest of a small project tells it.

Seed ``units`` → staging ``asked`` → core ``counted`` (macro ``doubled``, which calls ``half_of``) and ``named`` → reviews
``shown`` of ``counted``, with a data test, and ``listed`` of ``named``.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from build import digests, layers_built
from build.dbt import run_dbt
from build.digests import read_nodes
from build.layers_built import fingerprint_models
from build.nodes import Node, keep_nodes, nodes_kept
from ingest.home import WarehouseHome
from tests.ingest.return_files import write

FILES = {
    "dbt_project.yml": "name: tiny\nprofile: tiny\nvars: {least: 5}\non-run-start: '{{ begun() }}'\nmodels:\n  tiny: {+materialized: table}\n",
    "profiles.yml": "tiny:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: \"{{ env_var('WAREHOUSE_DB') }}\"}\n",
    "seeds/units.csv": "unit_key\nU1\n",
    "macros/doubled.sql": "{#- Twice. -#}\n{% macro doubled(a) %}2 * {{ half_of(a) }}{% endmacro %}\n",
    "macros/half_of.sql": "{% macro half_of(a) %}{{ a }} / 2{% endmacro %}\n",
    "macros/noted.sql": "{% macro noted() %}select 1{% endmacro %}\n",
    "macros/begun.sql": "{% macro begun() %}select 1{% endmacro %}\n",
    "macros/once.sql": "{% macro once() %}true{% endmacro %}\n",
    "models/staging/asked.sql": "select unit_key from {{ ref('units') }}",
    "models/staging/raw.yml": "sources: [{name: raw, tables: [{name: clubs}, {name: sheets}]}]",
    "models/staging/clubs.sql": "select * from {{ source('raw', 'clubs') }}",
    "models/staging/sheets.sql": "select * from {{ source('raw', 'sheets') }}",
    "models/core/counted.sql": "select unit_key, {{ doubled(2) }} as a from {{ ref('asked') }}",
    "models/core/counted.yml": "models: [{name: counted, description: Two., config: {meta: {label_vi: Hai.}}}]",
    "models/core/named.sql": "{{ config(post_hook='{{ noted() }}') }}select unit_key from {{ ref('asked') }}"
    "{% if execute and false %} where {{ once() }}{% endif %}",
    "models/reviews/shown.sql": "select * from {{ ref('counted') }}",
    "models/reviews/shown.yml": "models: [{name: shown, description: Shown., columns: [{name: a, data_tests: [unique]}]}]",
    "models/reviews/listed.sql": "select * from {{ ref('named') }}",
}
COUNTED = {"counted", "shown", "unique_shown_a"}
NAMED = {"named", "listed"}
BEHIND_THE_SEED = {"units", "asked", *COUNTED, *NAMED}
EVERYTHING = BEHIND_THE_SEED | {"clubs", "sheets"}


def edit(path: str, old: str, new: str) -> Callable[[Path], object]:
    def change(project: Path) -> None:
        text = (project / path).read_text(encoding="utf-8")
        assert old in text
        (project / path).write_text(text.replace(old, new), encoding="utf-8")

    return change


def read(project: Path) -> dict[str, Node]:
    home = WarehouseHome(project.parent / "home").prepare()
    finished = run_dbt(["parse"], home, {}, project=project)
    assert finished.returncode == 0, finished.stdout
    return {node.name: node for node in read_nodes(home.dbt / "target" / "manifest.json", project)}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("digests") / "tiny"
    for name, text in FILES.items():
        write(root / name, text.encode())
    return root


@pytest.fixture(scope="module")
def before(project: Path) -> dict[str, Node]:
    return read(project)


def test_a_node_has_its_layer_and_a_test_that_of_the_last_table_it_reads(before: dict[str, Node]) -> None:
    assert {name: node.layer for name, node in before.items() if node.kind != "model"} == {
        "units": "seed",
        "unique_shown_a": "reviews",
    }
    assert {node.layer for node in before.values()} == {"seed", "staging", "core", "reviews"}


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        pytest.param(edit("models/core/counted.sql", "select", "-- why\nselect"), set(), id="comment"),
        pytest.param(edit("models/core/counted.sql", "as a", "+ 1 as a"), COUNTED, id="text"),
        pytest.param(edit("models/core/counted.yml", "Hai.", "Ba."), {"counted"}, id="words_for_readers"),
        pytest.param(edit("macros/half_of.sql", "/ 2", "/ 3"), COUNTED, id="macro_of_a_macro"),
        pytest.param(edit("macros/noted.sql", "1", "2"), NAMED, id="macro_of_a_hook"),
        pytest.param(edit("macros/begun.sql", "1", "2"), EVERYTHING, id="macro_of_a_hook_of_the_run"),
        pytest.param(edit("macros/once.sql", "true", "false"), NAMED, id="macro_of_a_branch_not_taken"),
        pytest.param(
            edit("macros/half_of.sql", "{{ a }}", "{# a #}{{ a }} -- b\n"), set(), id="comment_in_a_macro"
        ),
        pytest.param(edit("seeds/units.csv", "U1", "U2"), BEHIND_THE_SEED, id="seed"),
        pytest.param(
            edit("dbt_project.yml", "least: 5", "least: 6"),
            EVERYTHING,
            id="variable",
        ),
        pytest.param(
            edit("dbt_project.yml", "name: tiny", "# why\nname: tiny"), set(), id="comment_in_settings"
        ),
        pytest.param(
            edit("dbt_project.yml", "{+materialized: table}", "{core: {+materialized: table}}"),
            {"asked", "clubs", "sheets", *COUNTED, *NAMED},
            id="settings_of_some_models",
        ),
        pytest.param(
            lambda project: write(
                project / "macros" / "own.sql",
                b"{% macro get_where_subquery(relation) %}{{ relation }}{% endmacro %}",
            ),
            {"unique_shown_a"},
            id="macro_in_place_of_one_of_dbt",
        ),
    ],
)
def test_what_uses_what_has_changed_is_stale_and_all_behind_it(
    project: Path, before: dict[str, Node], tmp_path: Path, change: Callable[[Path], object], stale: set[str]
) -> None:
    changed = tmp_path / "tiny"
    shutil.copytree(project, changed)
    shutil.copytree(project.parent / "home", tmp_path / "home")
    change(changed)
    after = read(changed)
    assert set(after) == set(before)
    assert {name for name, node in after.items() if node.digest != before[name].digest} == stale


def test_of_a_large_seed_the_rows_count_too(project: Path, before: dict[str, Node], tmp_path: Path) -> None:
    """dbt notes of a seed of more than a megabyte only where it lies."""
    changed = tmp_path / "tiny"
    shutil.copytree(project, changed)
    found = []
    for last in ("U1", "U2"):
        write(changed / "seeds" / "units.csv", b"unit_key\n" + b"U0\n" * 400_000 + last.encode())
        found.append(read(changed)["asked"].digest)
    assert len({before["asked"].digest, *found}) == 3


def test_a_contract_bears_on_what_reads_the_rows_of_its_form_and_its_comments_do_not(
    project: Path, before: dict[str, Node], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "FORMS", tmp_path)
    manifest = project.parent / "home" / "dbt" / "target" / "manifest.json"
    found = []
    for contract in ("name: clubs\n", "# why\nname: clubs\n", "name: clubs\ntitle: CLB\n"):
        (tmp_path / "clubs.yml").write_text(contract, encoding="utf-8")
        found.append({node.name: node.digest for node in read_nodes(manifest, project)})
    first, commented, retitled = found
    assert commented == first
    assert {name for name in first if retitled[name] != first[name]} == {"clubs"}
    assert first["sheets"] == before["sheets"].digest


def test_engines_and_packages_of_others_bear_on_everything(
    project: Path, before: dict[str, Node], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = project.parent / "home" / "dbt" / "target" / "manifest.json"
    changed = tmp_path / "tiny"
    shutil.copytree(project, changed)
    assert {node.name: node for node in read_nodes(manifest, changed)} == before
    write(changed / "packages.yml", b"packages: [{package: dbt-labs/dbt_utils, version: 1.3.0}]")
    with_packages = {node.digest for node in read_nodes(manifest, changed)}
    fingerprint = fingerprint_models(project)
    for module in (digests, layers_built):
        monkeypatch.setattr(module, "versions_of_engines", lambda: ["duckdb 9"])
    with_an_engine = {node.digest for node in read_nodes(manifest, project)}

    assert not {node.digest for node in before.values()} & (with_packages | with_an_engine)
    assert fingerprint_models(project) != fingerprint


def test_nodes_are_kept_until_a_file_changes(project: Path, before: dict[str, Node]) -> None:
    home = WarehouseHome(project.parent / "home")
    assert nodes_kept(home, "code") is None
    keep_nodes(home, "code", before.values())
    assert nodes_kept(home, "code") == tuple(before.values())
    assert nodes_kept(home, "other code") is None
    (home.dbt / "nodes.json").write_text('{"code": "co', encoding="utf-8")
    assert nodes_kept(home, "code") is None


def test_what_reads_neither_rows_nor_anything_outside_is_fixed(before: dict[str, Node]) -> None:
    """``sheets`` and ``clubs`` are tables of raw rows here; what may ask ``execute`` may ask the database too."""
    fixed = {"units", "asked", "counted", "shown", "unique_shown_a"}
    assert {name for name, node in before.items() if node.is_fixed} == fixed
    assert {name for name, node in before.items() if node.is_sql_fixed} == {
        *fixed,
        "clubs",
        "sheets",
        "listed",
    }


@pytest.mark.parametrize(
    ("change", "no_longer_fixed"),
    [
        (
            edit(
                "models/staging/asked.sql", "select", "select '{{ env_var('WAREHOUSE_AS_OF', '') }}' as a, "
            ),
            {"asked"},
        ),
        (edit("macros/half_of.sql", "{{ a }} / 2", "{{ a }} / day(current_date)"), {"counted"}),
        (
            edit("models/reviews/shown.yml", "[unique]", "[{unique: {config: {error_if: '> 5'}}}]"),
            {"unique_shown_a"},
        ),
        (
            edit("models/reviews/shown.sql", "select", "{{ config(post_hook='{{ run_query() }}') }}select"),
            {"shown"},
        ),
    ],
)
def test_what_may_be_another_thing_when_it_is_read_again_is_not_fixed(
    project: Path,
    before: dict[str, Node],
    change: Callable[[Path], object],
    no_longer_fixed: set[str],
    tmp_path: Path,
) -> None:
    changed = tmp_path / "tiny"
    shutil.copytree(project, changed)
    change(changed)

    found = read(changed)

    sql_no_longer_fixed = {
        name for name, node in before.items() if node.is_sql_fixed and not found[name].is_sql_fixed
    }
    assert sql_no_longer_fixed == no_longer_fixed
    behind = {
        "asked": COUNTED | {"asked"},
        "counted": COUNTED,
        "shown": {"shown", "unique_shown_a"},
        "unique_shown_a": {"unique_shown_a"},
    }
    (first,) = no_longer_fixed
    assert {name for name, node in before.items() if node.is_fixed and not found[name].is_fixed} == behind[
        first
    ]


def test_a_view_of_raw_rows_is_fixed_and_what_is_made_of_it_is_not(project: Path, tmp_path: Path) -> None:
    changed = tmp_path / "tiny"
    shutil.copytree(project, changed)
    edit("models/staging/clubs.sql", "select", "{{ config(materialized='view') }}select")(changed)
    write(changed / "models" / "core" / "of_clubs.sql", b"select * from {{ ref('clubs') }}")

    found = read(changed)

    assert found["clubs"].is_fixed
    assert not found["of_clubs"].is_fixed
