"""What a check of the warehouse says: how much was looked at, what is wrong, where, and what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; all three are Vietnamese and for a person.

    Attributes:
        where: a file, an edition, a figure.
        what: what is wrong with it.
        remedy: what to do about it.
    """

    where: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check.

    Attributes:
        name: what was checked, in Vietnamese.
        counted: what was looked at: “19 tệp”.
        faults: none where all is right.
        skipped: why it could not be looked at now; None when it was.
    """

    name: str
    counted: str
    faults: tuple[Fault, ...] = ()
    skipped: str | None = None
