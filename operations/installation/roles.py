"""Who may do what in Airflow's pages and API: four roles, each with all that the one before it may.

*xem* looks on; *nghiệp vụ* starts and clears runs; *duyệt* also answers a request for approval; *quản trị* may do
everything. Built-in roles of FAB are left alone and given to nobody: its *User* may approve, delete and mark as done.
"""

from dataclasses import dataclass
from typing import Any

Grant = tuple[str, str]

# A resource of our own, see ``operations.installation.auth_manager``; a role is granted ``can_edit`` for it.
PAUSING = "DAG Pausing"


@dataclass(frozen=True, slots=True)
class Role:
    """One role.

    Attributes:
        name: as people see it.
        grants: pairs of an action and a resource, in FAB's words.
    """

    name: str
    grants: frozenset[Grant]


VIEWER = "xem"
OFFICER = "nghiệp vụ"
APPROVER = "duyệt"
ADMINISTRATOR = "quản trị"
ROLE_NAMES = (VIEWER, OFFICER, APPROVER, ADMINISTRATOR)


def declare_roles() -> tuple[Role, ...]:
    """Give the four roles, in the order of what they may.

    An officer has no *edit* on task instances: it would let them mark the approval itself as done. Runs can be cleared
    as a whole, or their failed tasks alone.
    """
    from airflow.providers.fab.auth_manager.security_manager.override import FabAirflowSecurityManagerOverride
    from airflow.providers.fab.www.security import permissions as fab

    configured: dict[str, list[Grant]] = {
        config["role"]: config["perms"] for config in FabAirflowSecurityManagerOverride.ROLE_CONFIGS
    }
    viewing = frozenset(configured["Viewer"]) | {(fab.ACTION_CAN_ACCESS_MENU, fab.RESOURCE_HITL_DETAIL)}
    running = viewing | {
        (fab.ACTION_CAN_EDIT, fab.RESOURCE_DAG),
        (fab.ACTION_CAN_CREATE, fab.RESOURCE_DAG_RUN),
        (fab.ACTION_CAN_EDIT, fab.RESOURCE_DAG_RUN),
    }
    approving = running | {(fab.ACTION_CAN_EDIT, fab.RESOURCE_HITL_DETAIL)}
    everything = approving | frozenset(configured["Admin"]) | {(fab.ACTION_CAN_EDIT, PAUSING)}
    return (
        Role(VIEWER, viewing),
        Role(OFFICER, running),
        Role(APPROVER, approving),
        Role(ADMINISTRATOR, everything),
    )


def apply_roles(security_manager: Any) -> None:
    """Make the declared roles, or bring them back to what is declared; nobody's membership changes.

    Args:
        security_manager: FAB's, with an open session.
    """
    security_manager.sync_roles()
    for declared in declare_roles():
        role = security_manager.add_role(declared.name)
        role.permissions = [
            security_manager.create_permission(action, resource)
            for action, resource in sorted(_with_admin(security_manager, declared))
        ]
    security_manager.session.commit()


def _with_admin(security_manager: Any, declared: Role) -> frozenset[Grant]:
    """Give what a role may; the administrator also what FAB's pages and plugins have added to *Admin* by themselves."""
    if declared.name != ADMINISTRATOR:
        return declared.grants
    admin = security_manager.find_role("Admin")
    return declared.grants | {(grant.action.name, grant.resource.name) for grant in admin.permissions}
