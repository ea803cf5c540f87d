"""Under which licence an office hands its data out, and in whose name: settings, since nobody but the owner can grant one."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

LICENCE = "WAREHOUSE_DATA_LICENCE"
PUBLISHER = "WAREHOUSE_DATA_PUBLISHER"


class UnknownLicenceError(ValueError):
    """A licence that is not known; the text is Vietnamese and lists those that are."""


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: its name among those of the Open Definition, its title, and where its text stands."""

    name: str
    title: str
    path: str = ""


# https://licenses.opendefinition.org; the first one says that none was granted, which holds until an office chooses
_KNOWN = {
    licence.name: licence
    for licence in (
        Licence("notspecified", "Chưa chọn giấy phép sử dụng: dùng trong phạm vi được giao"),
        Licence(
            "CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"
        ),
        Licence(
            "CC-BY-SA-4.0",
            "Creative Commons Attribution Share-Alike 4.0",
            "https://creativecommons.org/licenses/by-sa/4.0/",
        ),
        Licence("CC0-1.0", "Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        Licence(
            "ODC-BY-1.0", "Open Data Commons Attribution 1.0", "https://opendatacommons.org/licenses/by/1-0/"
        ),
    )
}


def licence_set(environment: Mapping[str, str] = os.environ) -> Licence:
    """Give the licence that ``WAREHOUSE_DATA_LICENCE`` names; none was granted where it is not set.

    Raises:
        UnknownLicenceError: there is none of that name.
    """
    asked = environment.get(LICENCE, "").strip()
    by_name = {name.casefold(): licence for name, licence in _KNOWN.items()}
    found = by_name.get(asked.casefold() or "notspecified")
    if found is None:
        raise UnknownLicenceError(
            f"Thiết lập {LICENCE} ghi “{asked}”. Đề nghị ghi một trong: {', '.join(_KNOWN)}."
        )
    return found


def publisher_set(area: str, environment: Mapping[str, str] = os.environ) -> str:
    """Give in whose name data are handed out: what ``WAREHOUSE_DATA_PUBLISHER`` says, or the Union of the area."""
    named = environment.get(PUBLISHER, "").strip()
    return named or f"Hội Liên hiệp Phụ nữ {area[:1].lower()}{area[1:]}"
