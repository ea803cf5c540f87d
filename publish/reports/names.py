"""How a unit is called amid a sentence, by the name that an edition has for it."""

_KINDS_OF_PLACES = frozenset({"Xã", "Phường", "Thị", "Huyện", "Tỉnh", "Thành"})


def amid_sentence(unit_name: str) -> str:
    """Write a unit's name as it stands amid a sentence: *xã Ea Bông*; a base unit's begins with a capital anywhere."""
    first_word = unit_name.split(" ", 1)[0]
    return unit_name[:1].lower() + unit_name[1:] if first_word in _KINDS_OF_PLACES else unit_name
