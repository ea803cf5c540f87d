"""Links within a dashboard: its own page with other choices in its filters, as Superset's “copy link” writes them.

The address carries the value of every filter in Rison, which Superset's pages read as ``native_filters``.
"""

from publish.dashboards.definitions import DashboardDefinition
from publish.dashboards.identity import uuid_of


def filter_id(definition: DashboardDefinition, column: str) -> str:
    """Give what the filter of a column is called in the dashboard."""
    return f"NATIVE_FILTER-{uuid_of('filter', f'{definition.slug}/{column}')[:13]}"


def link_with_choices(definition: DashboardDefinition) -> str:
    """Give the SQL of a link to the dashboard in which each filter has the value of its column in the row.

    Args:
        definition: the dashboard; the row has a column of the name of each of its filters' columns.
    """
    choices = " || ',' || ".join(
        _choice(filter_id(definition, filter_.column), filter_.column) for filter_ in definition.filters
    )
    return f"'/superset/dashboard/{definition.slug}/?native_filters=' || url_encode('(' || {choices} || ')')"


def _choice(filter_: str, column: str) -> str:
    value = f"'''' || replace(replace({column}, '!', '!!'), '''', '!''') || ''''"
    return (
        f"'{filter_}:(extraFormData:(filters:!((col:{column},op:IN,val:!(' || {value} || ')))),"
        f"filterState:(value:!(' || {value} || ')),id:{filter_},ownState:())'"
    )
