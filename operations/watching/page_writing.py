"""The officer's pages after a load and after an edition: written, or told why not; never a reason for a run to fail.

Called from tasks; the pages themselves are the business of ``publish.pages``.
"""

import logging
from datetime import UTC, datetime

from ingest.home import WarehouseHome
from operations.watching.alert_delivery import deliver
from operations.watching.alert_texts import alert_of_unwritten_pages

_LOG = logging.getLogger(__name__)


def write_pages_or_tell(home: WarehouseHome) -> bool:
    """Write the pages of the outbox; gives whether they were written.

    What keeps them from being written stands in the log and is told in an alert: the load or the edition that they would
    tell of is complete without them.
    """
    from publish.pages.writing import write_pages

    try:
        write_pages(home, datetime.now(UTC))
    # whatever it is, the run has done its work
    except Exception:
        _LOG.exception("Không lập được trang tình hình báo cáo.")
        deliver(alert_of_unwritten_pages(), home)
        return False
    return True
