"""What a chart may ask for: columns of its dataset, and the metrics that the dataset declares.

Superset has a dataset say so (``disallow_adhoc_metrics``), and keeps to it in its editor alone. Here a query is refused, by
whatever way it came, so that nobody adds stocks or ratios up by accident.

Runs inside Superset, which takes the class from its settings.
"""

from collections.abc import Iterable
from typing import Any

from superset.errors import ErrorLevel, SupersetError, SupersetErrorType
from superset.exceptions import SupersetSecurityException
from superset.security import SupersetSecurityManager

_REFUSED = (
    "Bảng này chỉ dùng các số đo đã định nghĩa sẵn và các cột của bảng, để số liệu không bị cộng sai."
    " Muốn tính khác, đề nghị dùng SQL Lab."
)


class SecurityManager(SupersetSecurityManager):
    """Superset's own, which looks at what is asked too."""

    def raise_for_access(self, *args: Any, **kwargs: Any) -> None:
        """Refuse what may not be read, and what nobody has declared.

        Raises:
            SupersetSecurityException: it is refused.
        """
        super().raise_for_access(*args, **kwargs)
        context = kwargs.get("query_context")
        if context is not None and _declares_metrics(context.datasource):
            columns = {column.column_name for column in context.datasource.columns}
            if any(not _is_declared(part, columns) for query in context.queries for part in _parts(query)):
                raise SupersetSecurityException(
                    SupersetError(
                        _REFUSED, SupersetErrorType.DATASOURCE_SECURITY_ACCESS_ERROR, ErrorLevel.ERROR
                    )
                )


def _declares_metrics(dataset: Any) -> bool:
    return bool(getattr(dataset, "extra_dict", {}).get("disallow_adhoc_metrics"))


def _parts(query: Any) -> Iterable[Any]:
    """Give all that a query selects or sorts by."""
    yield from query.columns or ()
    yield from query.metrics or ()
    yield from (ordered[0] for ordered in query.orderby or ())
    if query.series_limit_metric:
        yield query.series_limit_metric


def _is_declared(part: Any, columns: set[str]) -> bool:
    """Tell whether something is a name, or an axis that is a column: Superset writes such a column as an expression."""
    return isinstance(part, str) or (
        part.get("columnType") == "BASE_AXIS" and part.get("sqlExpression") in columns
    )
