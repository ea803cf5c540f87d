"""The text of a model, a macro or a data test without what says nothing to the database: comments, line breaks, indents.

A comment in one model is to build nothing again (``build.digests``), and a text that is taken for a comment and is none
would leave a wrong figure standing. So whatever is not plainly understood is given back as it is.
"""

import re
from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError

# a private character that stands for a tag of Jinja while the SQL around it is read
TAG = "\ue000"
END_OF_TAG = {"variable_begin": "variable_end", "block_begin": "block_end", "raw_begin": "raw_end"}
PARTS_OF_COMMENT = frozenset({"comment_begin", "comment", "comment_end"})
PART = re.compile(
    r"""(?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*")|(?P<comment>--[^\n]*|/\*.*?\*/)|(?P<blank>\s+)|(?P<code>[^'"\s/-]+|.)""",
    re.DOTALL,
)
# strings that end otherwise: $$…$$, $tag$…$tag$ and e'…\'…'
DOLLARS = re.compile(r"\$\w*\$")
ESCAPED = re.compile(r"\b[eE]$")


class _NotUnderstoodError(Exception):
    """It is not plain what of a text is a comment."""


def without_comments(text: str) -> str:
    """Give a text of Jinja and SQL such that two texts are given alike only if the database is told the same.

    ======================================  ===========================
    text                                    given
    ======================================  ===========================
    ``select a -- why``                     ``select a``
    ``{# why #}select 'a  -- b'``           ``select 'a  -- b'``
    ``select a -- {{ config(tags="x") }}``  as it is: Jinja is run in it
    ======================================  ===========================

    Args:
        text: of a file of the dbt project, or of a macro in it.

    Returns:
        The text without comments, blanks outside quotation marks as one each, and behind it what stands in tags of Jinja;
        the text as it is where quotation marks do not close, a comment holds a tag or another, or Jinja cannot read it.
    """
    try:
        tags = list[str]()
        sql = "".join(_with_tags_set_aside(text, tags))
        return "\n".join([_plain_sql(sql), *tags])
    except (TemplateSyntaxError, _NotUnderstoodError):
        return text


def _with_tags_set_aside(text: str, tags: list[str]) -> Iterator[str]:
    """Give the SQL with a mark for each tag; what stands in the tags is put to a list, without blanks."""
    if TAG in text:
        raise _NotUnderstoodError
    inside: list[str] = []
    end = ""
    # only read, never rendered
    for _, kind, value in Environment(autoescape=True).lex(text):
        if end:
            inside += [value] if kind != "whitespace" else []
            if kind == end:
                tags.append(" ".join(inside))
                end = ""
                yield TAG
        elif kind in END_OF_TAG:
            end, inside = END_OF_TAG[kind], [value]
        elif kind not in PARTS_OF_COMMENT:
            yield value


def _plain_sql(sql: str) -> str:
    kept = [" "]
    for part in PART.finditer(sql):
        if part["comment"] is not None:
            _check_comment(part["comment"])
        elif part["code"] is not None:
            _check_code(sql, part)
        is_blank = part["quoted"] is None and part["code"] is None
        if not is_blank or kept[-1] != " ":
            kept.append(" " if is_blank else part[0])
    return "".join(kept).strip()


def _check_comment(comment: str) -> None:
    """Check that a comment is none that Jinja writes into, and that it ends where it seems to."""
    if TAG in comment or "/*" in comment[2:]:
        raise _NotUnderstoodError


def _check_code(sql: str, code: re.Match[str]) -> None:
    """Check that no quotation or comment begins that does not end, or ends otherwise than ``PART`` knows."""
    is_left_open = code[0] in {"'", '"'} or sql.startswith("/*", code.start())
    is_escaped = sql.startswith("'", code.end()) and ESCAPED.search(code[0]) is not None
    if is_left_open or is_escaped or DOLLARS.search(code[0]):
        raise _NotUnderstoodError
