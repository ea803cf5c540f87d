"""What things are called in the bundle: numbers that stay the same however often it is written."""

import uuid

# of this project alone; made once
_OURS = uuid.UUID("6f6d7c0e-9a51-4b4e-8d8e-4f2f6f8b7a10")


def uuid_of(kind: str, name: str) -> str:
    """Give the number of a thing by its kind and its name."""
    return str(uuid.uuid5(_OURS, f"{kind}/{name}"))
