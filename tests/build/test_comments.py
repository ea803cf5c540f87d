"""What of a text is a comment, and that nothing else is taken for one."""

import pytest

from build.comments import without_comments
from ingest.home import DBT_PROJECT

SAME = [
    ("select a", "-- why\nselect a -- and how\n"),
    ("select a, b from t", "select\n  a, -- don't\n  b\n  /* two\n  lines */\nfrom t\n"),
    ("select {{ f(1) }} as a", "{#- why -#}\nselect {# {{ g() }} #}{{f( 1 )}} as a"),
    ("{% if a %}select 1 {% endif %}", "{%  if a %}select 1 -- one\n{% endif %}"),
    ("select '--' as a, \"/*\" as b", "select '--' as a,\n  \"/*\" as b -- 'c'"),
]
OTHER = [
    ("select 'a b'", "select 'a  b'", "blanks in a string"),
    ("select '-- a'", "select '-- b'", "dashes in a string"),
    ("select 'it''s -- a'", "select 'it''s -- b'", "a doubled quotation mark"),
    ('select 1 as "-- a"', 'select 1 as "-- b"', "dashes in a name"),
    ("select {{ f('-- a') }}", "select {{ f('-- b') }}", "dashes in a tag"),
    ("select a -- {{ config(tags='a') }}", "select a -- {{ config(tags='b') }}", "a tag in a comment"),
    ("select a -- {% if a %}\n, b", "select a -- {% if b %}\n, b", "a branch in a comment"),
    ("{% raw %}select {# a #}{% endraw %}", "{% raw %}select {# b #}{% endraw %}", "no tags in raw"),
    ("select e'\\'-- a'", "select e'\\'-- b'", "an escaped quotation mark"),
    ("select $$ -- a$$", "select $$ -- b$$", "dollars for quotation marks"),
    ("select /* /* */ a */ b", "select /* /* */ c */ b", "a comment in a comment"),
    ("'{{ a }} -- a", "'{{ a }} -- b", "a string that is not closed"),
    ("select a {{ b }}", "select {{ b }} a", "the place of a tag"),
    ("select a/b", "select a / c", "a quotient"),
    ("select a - -b", "select a --b", "a minus"),
    ("select {{ a }", "select {{ b }", "what Jinja cannot read"),
]


@pytest.mark.parametrize(("plain", "commented"), SAME)
def test_comments_line_breaks_and_indents_say_nothing(plain: str, commented: str) -> None:
    assert plain != commented
    assert without_comments(plain) == without_comments(commented)


@pytest.mark.parametrize(
    ("text", "other"), [case[:2] for case in OTHER], ids=[case[2].replace(" ", "_") for case in OTHER]
)
def test_everything_else_does(text: str, other: str) -> None:
    assert without_comments(text) != without_comments(other)


def test_models_and_macros_are_understood() -> None:
    texts = {
        path.relative_to(DBT_PROJECT).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("models", "macros")
        for path in sorted((DBT_PROJECT / folder).rglob("*.sql"))
    }
    assert len(texts) > 100
    assert [name for name, text in texts.items() if without_comments(text) == text] == []
