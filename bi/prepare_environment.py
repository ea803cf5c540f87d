"""What is done to Superset's environment once it is installed: ``python bi/prepare_environment.py``.

Puts the Vietnamese catalogue beside those that Superset brings, for its server (.mo) and for its pages (.json; Superset's
own way, po2json, needs Node), and takes out of its pages the picture that tells another machine who looks at them, and the
English words that no catalogue reaches.
"""

import json
import re
from importlib.util import find_spec
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

_CATALOGUE = Path(__file__).resolve().parent / "translations" / "vi" / "LC_MESSAGES" / "messages.po"
# SCARF_ANALYTICS=false is read only where the pages are built; what follows the # of the picture instead goes nowhere
_COUNTED_AT = "https://apachesuperset.gateway.scarf.sh/pixel/"
_OF = re.compile(r"(\$\{[^}]*\}-\$\{[^}]*\}) of (\$\{)")
_OTHER_WORDS = {
    'prev_page:"Previous Page"': 'prev_page:"Trang trước"',
    'next_page:"Next Page"': 'next_page:"Trang sau"',
}
_NO_PICTURE = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==#"


def main() -> None:
    """Do it; doing it again changes nothing."""
    print(f"{write_catalogue()} câu tiếng Việt")
    mend_pages()


def mend_pages() -> None:
    """Let no page ask another machine for a picture, nor say *of* between numbers or *Next Page*."""
    for path in (_package("superset") / "static" / "assets").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        mended = _OF.sub(r"\1 / \2", text.replace(_COUNTED_AT, _NO_PICTURE))
        for said, meant in _OTHER_WORDS.items():
            mended = mended.replace(said, meant)
        if mended != text:
            # installed files may be shared with other environments by links: a new file takes the name
            written = path.with_suffix(".mended")
            written.write_text(mended, encoding="utf-8")
            written.replace(path)


def write_catalogue() -> int:
    """Write both files into the packages of Superset and of what makes its pages; gives the number of texts."""
    with _CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="vi", domain="messages")
    messages = {message.id: message.string for message in catalogue if message.id and message.string}
    # the form of Jed 1.x: a list of forms a message; Vietnamese has one form for all numbers
    pages = {
        "domain": "superset",
        "locale_data": {
            "superset": {
                "": {"domain": "superset", "plural_forms": "nplurals=1; plural=0;", "lang": "vi"},
                **{
                    (name[0] if isinstance(name, tuple) else name): list(text)
                    if isinstance(text, tuple)
                    else [text]
                    for name, text in messages.items()
                },
            }
        },
    }
    for package in ("superset", "flask_appbuilder"):
        folder = _package(package) / "translations" / "vi" / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "messages.mo").open("wb") as file:
            write_mo(file, catalogue)
        (folder / "messages.json").write_text(json.dumps(pages, ensure_ascii=False), encoding="utf-8")
    return len(messages)


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed here")
    return Path(spec.origin).parent


if __name__ == "__main__":
    main()
