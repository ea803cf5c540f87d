"""What is generated from the contracts for dbt.

Four files: the definitions of the ``raw`` sources with their column docs, a macro that hands the row rules to SQL, one for
what looks alike, and the seed of allowed values. They are checked in so that dbt needs no Python; ``make contracts-check`` fails in CI when
one of them is stale.
"""

import csv
import io
import json
from copy import deepcopy
from pathlib import Path

import yaml

from ingest.contracts.forms import Contracts, FormContract, FormField
from ingest.contracts.raw_schema import ADDRESS_COLUMNS, TABLE_COLUMNS, RawTable
from ingest.headers.header_words import load_header_words
from ingest.home import DBT_PROJECT
from ingest.text.folding import fold, strip_marks
from ingest.text.look_alikes import load_look_alikes

_NOTICE = "generated from ingest/contracts/forms by `make contracts`; edit the contracts, not this file"

# Returns come twice a year, in the weeks around the end of a half-year: nothing for longer than a half-year (184 days at
# the most) and a month of grace is worth a look, nothing for two half-years means that the way in is broken.
_FRESHNESS = {
    "warn_after": {"count": 214, "period": "day"},
    "error_after": {"count": 398, "period": "day"},
}


def render_outputs(contracts: Contracts) -> dict[Path, str]:
    """Give the text of every generated file by its path."""
    return {
        DBT_PROJECT / "models" / "generated" / "raw_sources.yml": _render_sources(contracts),
        DBT_PROJECT / "macros" / "generated" / "form_contracts.sql": _render_macro(contracts),
        DBT_PROJECT / "macros" / "generated" / "look_alikes.sql": _render_look_alikes(),
        DBT_PROJECT / "seeds" / "generated" / "form_choices.csv": _render_choices(contracts),
    }


def write_outputs(contracts: Contracts) -> list[Path]:
    """Write what differs (dbt's sources, macros and the seed of choices); gives the paths that were written."""
    stale = stale_outputs(contracts)
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render_outputs(contracts)[path], encoding="utf-8")
    return stale


def stale_outputs(contracts: Contracts) -> list[Path]:
    """Give the paths whose content is not what the contracts say."""
    return [
        path
        for path, text in render_outputs(contracts).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def _render_sources(contracts: Contracts) -> str:
    tables = [_source_of_form(form) for form in contracts.forms]
    tables += [_source_of_table(table) for table in TABLE_COLUMNS]
    document = {
        "version": 2,
        "sources": [
            {
                "name": "raw",
                "schema": "raw",
                "description": "Append-only rows of what branches sent, as text, each with its address.",
                "tables": tables,
            }
        ],
    }
    return f"# {_NOTICE}\n" + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)


def _source_of_table(table: RawTable) -> dict[str, object]:
    source: dict[str, object] = {"name": table.name, "description": table.description}
    columns = [name for name, _ in table.columns]
    if "ingested_at" in columns:
        source["config"] = {"loaded_at_field": "ingested_at", "freshness": deepcopy(_FRESHNESS)}
    return source | {"columns": [{"name": name} for name in columns]}


def _source_of_form(form: FormContract) -> dict[str, object]:
    columns: list[dict[str, object]] = [
        {"name": name, "description": text} for name, _, text in ADDRESS_COLUMNS
    ]
    columns += [
        {
            "name": field.name,
            "description": field.description,
            "config": {"meta": {"label_vi": field.title, "personal": field.personal}},
        }
        for field in form.fields
    ]
    columns.append(
        {"name": "extra_cells", "description": "Cells of columns that no contract knows, by header."}
    )
    return {
        "name": form.name,
        "description": form.description,
        "config": {"meta": {"label_vi": form.title}},
        "columns": columns,
    }


def _render_macro(contracts: Contracts) -> str:
    branches = []
    for number, form in enumerate(contracts.forms):
        word = "if" if number == 0 else "elif"
        fields = ",\n".join(
            "        " + _as_jinja(_rules_of(field, position, _unit_words(form, field, contracts)))
            for position, field in enumerate(form.fields, start=1)
        )
        branches.append(
            f"{{%- {word} form_name == {_as_jinja(form.name)} -%}}\n"
            f'  {{{{ return({{"name": {_as_jinja(form.name)}, "label_vi": {_as_jinja(form.title)}, '
            f'"event_date": {_as_jinja(form.event_date)}, "attributed_by": {_as_jinja(form.attributed_by)}, '
            f'"fields": [\n{fields}\n      ]}}) }}}}'
        )
    names = ", ".join(_as_jinja(form.name) for form in contracts.forms)
    return (
        f"{{#- {_NOTICE} -#}}\n"
        f"{{% macro form_names() %}}{{{{ return([{names}]) }}}}{{% endmacro %}}\n\n"
        "{% macro form_contract(form_name) %}\n"
        + "\n".join(branches)
        + "\n{%- else -%}\n"
        + '  {{ exceptions.raise_compiler_error("no contract named " ~ form_name) }}\n'
        + "{%- endif -%}\n{% endmacro %}\n"
    )


def _render_look_alikes() -> str:
    """Write what is taken for what as escapes: nobody could tell the characters apart in a file."""
    alike = load_look_alikes()
    return (
        "{#- generated from ingest/contracts/vocabulary/look_alikes.yml by `make contracts`; edit that, not this file -#}\n"
        "{% macro look_alikes() %}{{ return({\n"
        f'  "typed": {json.dumps(alike.typed)},\n'
        f'  "plain": {json.dumps(alike.plain)}\n'
        "}) }}{% endmacro %}\n"
    )


def _unit_words(form: FormContract, field: FormField, contracts: Contracts) -> list[str]:
    """Give the units of measure that may be typed with a number, as SQL compares them: no marks, small letters.

    *Nghìn đồng* is left out: there the number has a scale, and đồng is the unit.
    """
    measured_in = next((other for other in form.fields if other.name == field.measured_in), None)
    if measured_in is None or measured_in.choices is None:
        return []
    scales = {word for word, scale in load_header_words().scales.items() if scale > 1}
    spellings = {
        " ".join(strip_marks(spelling).lower().split())
        for choice in contracts.choice_lists[measured_in.choices].values()
        for spelling in (choice.label, *choice.aliases, *choice.factors)
        if fold(spelling) not in scales
    }
    return sorted(spellings)


def _rules_of(field: FormField, position: int, unit_words: list[str]) -> dict[str, object]:
    return {
        "name": field.name,
        "type": field.type,
        "position": position,
        "required": field.is_required,
        "keeps_row_out": field.keeps_row_out,
        "is_identifier": field.is_identifier,
        "choice_list": field.choices,
        "is_open_choice": field.open_choice,
        "minimum": field.constraints.minimum,
        "maximum": field.constraints.maximum,
        "pattern": field.constraints.pattern,
        "youngest": field.constraints.youngest,
        "oldest": field.constraints.oldest,
        "is_money": field.is_money,
        "large_for": {name: list(codes) for name, codes in field.large_for.items()},
        "measured_in": field.measured_in,
        "unit_words": unit_words,
        "personal": field.personal,
        "label_vi": field.title,
    }


def _as_jinja(value: object) -> str:
    """Write a value as a Jinja literal: JSON, with Jinja's words for what JSON names otherwise."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_as_jinja(key)}: {_as_jinja(item)}" for key, item in value.items()) + "}"
    if value is None:
        return "none"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return "[" + ", ".join(map(_as_jinja, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _render_choices(contracts: Contracts) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["choice_list", "value_code", "label_vi", "alias", "factor", "sort_order"])
    for list_name, choices in sorted(contracts.choice_lists.items()):
        for place, (code, choice) in enumerate(choices.items(), start=1):
            seen = set()
            for alias, factor in [
                (choice.label, 1.0),
                (code, 1.0),
                *((alias, 1.0) for alias in choice.aliases),
                *choice.factors.items(),
            ]:
                if fold(alias) not in seen:
                    seen.add(fold(alias))
                    writer.writerow([list_name, code, choice.label, alias, f"{factor:g}", str(place)])
    return text.getvalue()
