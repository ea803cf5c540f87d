"""How columns and codes are called for people: the labels of ``meta.data_dictionary``, the words of ``core.dim_code``."""

import duckdb


def labels_of(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> dict[str, str]:
    """Give the Vietnamese labels of a table's columns by their names; a column without one is called by its name."""
    found = connection.execute(
        "select column_name, coalesce(nullif(label_vi, ''), column_name) from meta.data_dictionary"
        " where schema_name = ? and table_name = ? and column_name is not null",
        [schema, table],
    ).fetchall()
    return dict(found)


def in_words(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> str:
    """Give the columns of a table as SQL selects them for people: by their labels, codes in the words of ``core.dim_code``."""
    described = connection.execute(
        "select column_name, coalesce(nullif(label_vi, ''), column_name), code_domain from meta.data_dictionary"
        " where schema_name = ? and table_name = ? and column_name is not null",
        [schema, table],
    ).fetchall()
    return ", ".join(
        f"{_code_in_words(column, domain) if domain else _quoted(column)} as {_quoted(label)}"
        for column, label, domain in described
    )


def _code_in_words(column: str, domain: str) -> str:
    """A domain that begins with a stroke names the column of the row in which the name of the list stands."""
    listed = f"of_table.{_quoted(domain[1:])}" if domain.startswith("/") else f"'{domain}'"
    code = f"of_table.{_quoted(column)}"
    return (
        "coalesce((select any_value(codes.label_vi) from core.dim_code as codes"
        f" where codes.domain = {listed} and codes.code = {code}), {code})"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
