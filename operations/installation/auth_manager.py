"""FAB's auth manager, with one distinction more: who may start a run may not therefore switch a whole DAG off.

FAB asks for *edit* on a DAG both when a run of it is started, cleared or answered and when it is paused. An officer does
the former every half-year; the latter stops the warehouse from working by itself, and is for the administrator.
"""

from typing import Any

from airflow.providers.fab.auth_manager.fab_auth_manager import FabAuthManager

from operations.installation.roles import PAUSING


# "FabAuthManager" must be in the name: Airflow looks for it when it decides whether FAB's tables are to be cleaned.
class WarehouseFabAuthManager(FabAuthManager):
    """Roles of FAB; pausing is a permission of its own."""

    def is_authorized_dag(
        self, *, method: Any, user: Any, access_entity: Any = None, details: Any = None
    ) -> bool:
        """Say whether a person may do this with a DAG; see the base class for the arguments."""
        if (
            method == "PUT"
            and access_entity is None
            and not self.is_authorized_custom_view(method="PUT", resource_name=PAUSING, user=user)
        ):
            return False
        return bool(
            super().is_authorized_dag(method=method, user=user, access_entity=access_entity, details=details)
        )
