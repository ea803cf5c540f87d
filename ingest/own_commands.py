"""How a person types a command of the warehouse: with ``make`` where the project lies, through compose where it runs in a
container, in which there is no ``make`` and outside of which the home may be another one.

Commands that reach a folder outside the home (``make backup``, ``make restore``) are typed on the machine in both forms.
"""

from ingest.home import PROJECT_ROOT

IN_CONTAINER = {
    "decide": "python -m publish decide",
    "matches": "python -m publish matches",
    "prune-editions": "python -m operations prune-editions",
    "rebuild": "python -m ingest rebuild",
    "refresh": "python dags/local_run.py",
    "take-back": "python -m ingest take-back",
    "verify": "python -m operations verify",
    "withdraw": "python -m ingest withdraw",
}
# what make takes by name, as the program takes it; all others it takes without one
_OPTIONS = {"BY": "--by {}", "WHY": "--why {}", "YES": "--yes"}


def is_in_container() -> bool:
    """Tell whether this is the image, which has no Makefile."""
    return not (PROJECT_ROOT / "Makefile").exists()


def typed(target: str, **arguments: str) -> str:
    """Give the command for a target of ``make``.

    ``typed("take-back", SUBMISSION="x", WHY='"…"')`` is ``make take-back SUBMISSION=x WHY="…"``, or in a container
    ``docker compose exec scheduler python -m ingest take-back x --why "…"``.
    """
    if not is_in_container():
        return " ".join(["make", target, *(f"{name}={value}" for name, value in arguments.items())])
    options = [_OPTIONS.get(name, "{}").format(value) for name, value in arguments.items()]
    return " ".join(["docker compose exec scheduler", IN_CONTAINER[target], *options])
