"""Sizes as a person reads them."""


def megabytes(size: int) -> str:
    """Write a size for a person: megabytes with a decimal comma."""
    return f"{size / 1e6:.1f} MB".replace(".", ",")
