"""The commands that sentences name: as they are typed where the warehouse runs."""

from pathlib import Path

import pytest

from ingest.home import PROJECT_ROOT
from ingest.own_commands import IN_CONTAINER, is_in_container, typed
from ingest.troubles import DamagedFileError
from ingest.upkeep.rebuild import RebuildReport
from ingest.upkeep.rebuild_command import report_lines

REPORT = RebuildReport(
    entries=3, loads=2, set_aside=None, was_readable=True, damaged_files=(), differences=()
)
ASKED = {"SUBMISSION": "bc.xlsx", "WHY": '"nhầm"'}


def test_at_a_desk_it_is_make() -> None:
    assert not is_in_container()
    assert typed("rebuild") == "make rebuild"
    assert typed("take-back", **ASKED) == 'make take-back SUBMISSION=bc.xlsx WHY="nhầm"'
    said = "\n".join(report_lines(REPORT))
    assert "“make up”" in said
    assert "“make refresh”" in said


def test_in_a_container_it_is_the_program_through_compose(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # the image holds no Makefile
    monkeypatch.setattr("ingest.own_commands.PROJECT_ROOT", tmp_path)

    through = "docker compose exec scheduler python -m"
    assert typed("rebuild") == f"{through} ingest rebuild"
    assert typed("take-back", **ASKED) == f'{through} ingest take-back bc.xlsx --why "nhầm"'
    assert typed("prune-editions", YES="1") == f"{through} operations prune-editions --yes"
    assert "make" not in str(DamagedFileError(tmp_path / "warehouse.duckdb"))
    assert "make" not in "\n".join(report_lines(REPORT))


def test_the_image_holds_every_program_that_is_named_and_no_makefile() -> None:
    dockerfile = (PROJECT_ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = {line.split()[1] for line in dockerfile.splitlines() if line.startswith("COPY ")}

    assert "Makefile" not in copied
    programs = {
        command.removeprefix("python ").removeprefix("-m ").split()[0] for command in IN_CONTAINER.values()
    }
    assert {Path(program).parts[0] for program in programs} <= copied
    assert programs
