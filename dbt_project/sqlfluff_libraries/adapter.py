"""What dbt's ``adapter`` is to sqlfluff, which knows no adapter: a dispatched macro reads as a function of that name."""

from collections.abc import Callable


def dispatch(macro_name: str) -> Callable[..., str]:
    """Give what renders a call of the macro."""
    return lambda *arguments: f"{macro_name}({', '.join(map(str, arguments))})"
