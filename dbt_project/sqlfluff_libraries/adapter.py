"""What dbt's ``adapter`` is to sqlfluff, which knows no adapter: a dispatched macro reads as a function of that name."""

from collections.abc import Callable


class Call(str):
    """The call of a macro as SQL; where the macro would give settings of a model, there are none."""

    __slots__ = ()

    def keys(self) -> tuple[str, ...]:
        """Give the names of the settings."""
        return ()


def dispatch(macro_name: str) -> Callable[..., Call]:
    """Give what renders a call of the macro."""
    return lambda *arguments, **named: Call(
        f"{macro_name}({', '.join(map(str, (*arguments, *named.values())))})"
    )
