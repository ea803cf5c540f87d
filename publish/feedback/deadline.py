"""By when a branch is asked to send its file again.

A corrected file counts whenever it comes; a day is named because without one it comes after the review.
"""

import os
from datetime import date, timedelta

SETTING = "WAREHOUSE_DAYS_TO_CORRECT"
DAYS_TO_CORRECT = 7


def days_to_correct() -> int:
    """Give the days that a branch has, from that of the answer on; ``WAREHOUSE_DAYS_TO_CORRECT`` changes them.

    Raises:
        ValueError: the setting is no whole number of at least one day.
    """
    asked = os.environ.get(SETTING, "").strip()
    days = int(asked) if asked else DAYS_TO_CORRECT
    if days < 1:
        raise ValueError(f"{SETTING} is {days}, which is not a day or more")
    return days


def send_again_by(answered_on: date, due_on: date | None, days: int) -> date:
    """Give the last day: so many days after the answer, and never before the return itself is due.

    Args:
        answered_on: the day of the answer.
        due_on: the last day on which the return is on time; None where its half-year is not known.
        days: that a branch has.
    """
    last = answered_on + timedelta(days=days)
    return max(last, due_on) if due_on is not None else last
