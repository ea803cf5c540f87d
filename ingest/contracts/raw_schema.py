"""The shape of the ``raw`` schema.

The tables that every form shares are listed here; a table a form comes from the contracts, with the columns that say
where its rows stand. ``raw`` is append-only; nothing in the project updates or deletes a row of it.
"""

from dataclasses import dataclass

ADDRESS_COLUMNS = (
    ("submission_id", "varchar", "Submission that the row came with."),
    ("sheet_number", "integer", "Sheet in the file, from 1."),
    ("table_number", "integer", "Table on the sheet, from 1."),
    ("row_number", "bigint", "Row in the sheet, from 1, as the spreadsheet program shows it."),
    (
        "cell_types",
        "varchar",
        "One letter a field: t text, n number, d date, u day that reads both ways, b bool, . empty; and what does not count: e error, f formula"
        " without a stored result, s struck out, m number shown divided in a way that does not fit its unit, h in a hidden row that"
        " the total leaves out.",
    ),
    ("money_scale", "bigint", "What a money cell of this table is multiplied by to give VND."),
)


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table of ``raw`` that is not a form's: name, columns as pairs of name and DuckDB type, what it holds."""

    name: str
    columns: tuple[tuple[str, str], ...]
    description: str


TABLE_COLUMNS = (
    RawTable(
        "receipts",
        (
            ("relative_path", "varchar"),
            ("sha256", "varchar"),
            ("size_bytes", "bigint"),
            ("received_at", "timestamptz"),
            ("ingested_at", "timestamptz"),
            ("load_id", "varchar"),
            ("verdict", "varchar"),
            ("reason_code", "varchar"),
            ("reason_vi", "varchar"),
            ("wrong_vi", "varchar"),
            ("advice_vi", "varchar"),
            ("submission_id", "varchar"),
            ("arrival_order", "bigint"),
            ("known_at", "timestamptz"),
        ),
        "One row per arrival of a file, duplicates and containers included.",
    ),
    RawTable(
        "submissions",
        (
            ("submission_id", "varchar primary key"),
            ("submission_order", "bigint"),
            ("relative_path", "varchar"),
            ("container_path", "varchar"),
            ("file_name", "varchar"),
            ("file_format", "varchar"),
            ("sha256", "varchar"),
            ("size_bytes", "bigint"),
            ("received_at", "timestamptz"),
            ("ingested_at", "timestamptz"),
            ("load_id", "varchar"),
            ("unit_key", "varchar"),
            ("unit_decided_by", "varchar"),
            ("period_code", "varchar"),
            ("period_decided_by", "varchar"),
            ("verdict", "varchar"),
            ("reason_code", "varchar"),
            ("reason_vi", "varchar"),
            ("wrong_vi", "varchar"),
            ("advice_vi", "varchar"),
            ("known_at", "timestamptz"),
        ),
        "One row per distinct content sent in for a unit and period.",
    ),
    RawTable(
        "sheets",
        (
            ("submission_id", "varchar"),
            ("sheet_number", "integer"),
            ("sheet_name", "varchar"),
            ("rows_seen", "bigint"),
            ("verdict", "varchar"),
            ("reason_code", "varchar"),
            ("reason_vi", "varchar"),
            ("wrong_vi", "varchar"),
            ("advice_vi", "varchar"),
        ),
        "One row per sheet of a submission.",
    ),
    RawTable(
        "sheet_tables",
        (
            ("submission_id", "varchar"),
            ("sheet_number", "integer"),
            ("table_number", "integer"),
            ("form_name", "varchar"),
            ("form_decided_by", "varchar"),
            ("header_first_row", "bigint"),
            ("header_last_row", "bigint"),
            ("last_row", "bigint"),
            ("money_scale", "bigint"),
            ("money_scale_decided_by", "varchar"),
            ("money_unit_unclear", "varchar"),
            ("verdict", "varchar"),
            ("reason_code", "varchar"),
            ("reason_vi", "varchar"),
            ("wrong_vi", "varchar"),
            ("advice_vi", "varchar"),
            ("columns", "json"),
            ("extra_columns", "json"),
            ("sending", "varchar"),
            ("branch", "varchar"),
            ("says_nothing", "boolean"),
            ("body_rows", "bigint"),
        ),
        "One row per table found on a sheet.",
    ),
    RawTable(
        "structure_rows",
        (
            ("submission_id", "varchar"),
            ("sheet_number", "integer"),
            ("table_number", "integer"),
            ("first_row", "bigint"),
            ("last_row", "bigint"),
            ("kind", "varchar"),
            ("cells", "json"),
        ),
        "One row per run of rows recognised as structure: title, header, total, signature, blank and so on.",
    ),
    RawTable(
        "control_totals",
        (
            ("submission_id", "varchar"),
            ("sheet_number", "integer"),
            ("table_number", "integer"),
            ("form_name", "varchar"),
            ("row_number", "bigint"),
            ("kind", "varchar"),
            ("first_row", "bigint"),
            ("last_row", "bigint"),
            ("field_name", "varchar"),
            ("value", "varchar"),
            ("cell_type", "varchar"),
            ("money_scale", "bigint"),
            ("first_sheet_number", "integer"),
        ),
        "One row per figure of a total or sub-total row, with the rows that it sums.",
    ),
    RawTable(
        "reading_findings",
        (
            ("submission_id", "varchar"),
            ("sheet_number", "integer"),
            ("row_number", "bigint"),
            ("form_name", "varchar"),
            ("field_name", "varchar"),
            ("finding_kind", "varchar"),
            ("message_vi", "varchar"),
        ),
        "One row per thing that reading a table has to tell and that keeps no row out, of a kind of finding_rules.",
    ),
    RawTable(
        "unplaced_rows",
        (
            ("submission_id", "varchar"),
            ("sheet_number", "integer"),
            ("row_number", "bigint"),
            ("reason_code", "varchar"),
            ("reason_vi", "varchar"),
            ("wrong_vi", "varchar"),
            ("advice_vi", "varchar"),
            ("cells", "json"),
        ),
        "One row per row of a refused sheet or table, and per line of a log that cannot be read.",
    ),
    RawTable(
        "withdrawals",
        (
            ("submission_id", "varchar"),
            ("is_withdrawn", "boolean"),
            ("decided_at", "timestamptz"),
            ("decided_by", "varchar"),
            ("why", "varchar"),
        ),
        "One row per decision to withdraw a submission, or to take it back into the count; the newest one holds.",
    ),
    RawTable(
        "pseudonym_key",
        (("secret", "varchar"),),
        "One row: the secret under which members are pseudonymised.",
    ),
    RawTable(
        "issued_figures",
        (
            ("edition_id", "varchar"),
            ("issued_at", "timestamptz"),
            ("unit_key", "varchar"),
            ("period_code", "varchar"),
            ("indicator_code", "varchar"),
            ("value", "decimal(20, 3)"),
            ("as_of", "timestamptz"),
        ),
        "One row per figure of a half-year review as an edition issued it.",
    ),
    RawTable(
        "refresh_decisions",
        (
            ("edition_id", "varchar"),
            ("is_approved", "boolean"),
            ("as_of", "timestamptz"),
            ("decided_at", "timestamptz"),
            ("decided_by", "varchar"),
            ("note", "varchar"),
        ),
        "One row per time that a person approved or refused the edition that a refresh had prepared.",
    ),
    RawTable(
        "journal_entries",
        (
            ("number", "bigint primary key"),
            ("kind", "varchar"),
            ("subject", "varchar"),
            ("sha256", "varchar"),
            ("applied_at", "timestamptz"),
        ),
        "One row per entry of the journal that this database has taken over: its load, submission or edition as"
        " subject.",
    ),
)
