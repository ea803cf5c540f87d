"""How units and indicators are called amid a sentence, by the names that an edition has for them."""

_KINDS_OF_PLACES = frozenset({"Xã", "Phường", "Thị", "Huyện", "Tỉnh", "Thành"})


def amid_sentence(unit_name: str) -> str:
    """Write a unit's name as it stands amid a sentence: *xã Ea Bông*; a base unit's begins with a capital anywhere."""
    first_word = unit_name.split(" ", 1)[0]
    return amid_line(unit_name) if first_word in _KINDS_OF_PLACES else unit_name


def amid_line(label_vi: str) -> str:
    """Write a label as it stands amid a line: the first letter small, *CLB* as it is."""
    return label_vi[:1].lower() + label_vi[1:]
