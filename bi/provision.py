"""Bring Superset's own database to what the files here say: roles, logins, and the bundle in place of the older one.

``python bi/provision.py`` in Superset's environment, before Superset is started; safe to run again. What people have made
themselves stays: only the dashboards of the bundle, and the charts that stand in them, are deleted and imported anew, for
an import over what is there leaves old charts behind.
"""

import os
from pathlib import Path
from typing import Any

BUNDLE = Path(__file__).resolve().parent / "bundle"
VIEWER, ANALYST, ADMINISTRATOR = "xem", "phân tích", "Admin"
# who logs in, as what they are shown, with which role, and the variable that has the first password
FIRST_ACCOUNTS = (
    ("xem", "Người xem", VIEWER, "WAREHOUSE_PASSWORD_XEM"),
    ("phantich", "Phân tích", ANALYST, "WAREHOUSE_PASSWORD_PHANTICH"),
    ("quantri", "Quản trị", ADMINISTRATOR, "WAREHOUSE_PASSWORD_QUANTRI"),
)
# What a viewer may: look at dashboards, filter them, and take their tables away. Nothing else is in the menu.
_VIEWING = {
    ("can_read", "Dashboard"),
    ("can_read", "Chart"),
    ("can_read", "Dataset"),
    ("can_get", "Datasource"),
    ("can_external_metadata", "Datasource"),
    ("can_get_column_values", "Datasource"),
    ("can_read", "CurrentUserRestApi"),
    ("can_dashboard", "Superset"),
    ("can_csv", "Superset"),
    ("can_language_pack", "Superset"),
    ("can_log", "Superset"),
    ("can_dashboard_permalink", "Superset"),
    ("can_write", "DashboardFilterStateRestApi"),
    ("can_read", "DashboardFilterStateRestApi"),
    ("can_write", "DashboardPermalinkRestApi"),
    ("can_read", "DashboardPermalinkRestApi"),
    ("can_read", "SecurityRestApi"),
    ("can_read", "AvailableDomains"),
    ("can_time_range", "Api"),
    ("can_query", "Api"),
    ("can_query_form_data", "Api"),
    ("can_export_csv", "Dashboard"),
    ("can_export_image", "Dashboard"),
    ("can_export", "Chart"),
    ("can_cache_dashboard_screenshot", "Dashboard"),
    ("can_get_embedded", "Dashboard"),
    ("menu_access", "Dashboards"),
    ("menu_access", "Home"),
    ("can_list", "Dashboard"),
    ("can_userinfo", "UserDBModelView"),
    ("can_read", "Theme"),
}
# What an analyst may beside that: SQL Lab, and charts and dashboards of their own.
_ANALYSING = {
    ("can_view_chart_as_table", "Dashboard"),
    ("can_write", "Chart"),
    ("can_write", "Dashboard"),
    ("can_explore", "Superset"),
    ("can_read", "Explore"),
    ("can_write", "ExploreFormDataRestApi"),
    ("can_read", "ExploreFormDataRestApi"),
    ("can_write", "ExplorePermalinkRestApi"),
    ("can_read", "ExplorePermalinkRestApi"),
    ("can_samples", "Datasource"),
    ("can_view_query", "Dashboard"),
    ("can_drill", "Dashboard"),
    ("can_read", "Database"),
    ("can_read", "SQLLab"),
    ("can_execute_sql_query", "SQLLab"),
    ("can_format_sql", "SQLLab"),
    ("can_get_results", "SQLLab"),
    ("can_export_csv", "SQLLab"),
    ("can_export_streaming_csv", "SQLLab"),
    ("can_estimate_query_cost", "SQLLab"),
    ("can_sqllab", "Superset"),
    ("can_sqllab_history", "Superset"),
    ("can_my_queries", "SqlLab"),
    ("can_read", "Query"),
    ("can_read", "SavedQuery"),
    ("can_write", "SavedQuery"),
    ("can_list", "SavedQuery"),
    ("can_read", "Tag"),
    ("can_list", "Tag"),
    ("can_activate", "TabStateView"),
    ("can_get", "TabStateView"),
    ("can_post", "TabStateView"),
    ("can_put", "TabStateView"),
    ("can_delete", "TabStateView"),
    ("can_delete_query", "TabStateView"),
    ("can_migrate_query", "TabStateView"),
    ("can_expanded", "TableSchemaView"),
    ("can_post", "TableSchemaView"),
    ("can_delete", "TableSchemaView"),
    ("can_read", "SqlLabPermalinkRestApi"),
    ("can_write", "SqlLabPermalinkRestApi"),
    ("menu_access", "Charts"),
    ("menu_access", "Datasets"),
    ("menu_access", "SQL Lab"),
    ("menu_access", "SQL Editor"),
    ("menu_access", "Saved Queries"),
    ("menu_access", "Query Search"),
}


def provision() -> None:
    """Do it all."""
    from superset.app import create_app

    app = create_app()
    with app.app_context():
        from flask_migrate import upgrade

        print("Đang chuẩn bị cơ sở dữ liệu của Superset …", flush=True)
        upgrade(directory=str(Path(app.root_path) / "migrations"))
    # once more, with its tables there
    app = create_app()
    with app.app_context():
        from superset import appbuilder, db, security_manager

        appbuilder.add_permissions(update_perms=True)
        security_manager.sync_role_definitions()
        _make_people(security_manager)
        print("Đang nhập các trang số liệu …", flush=True)
        _import_bundle(db, security_manager)
        _give_roles(db, security_manager)


def _make_people(security_manager: Any) -> None:
    for name in (VIEWER, ANALYST):
        security_manager.add_role(name)
    for user_name, shown, role, variable in FIRST_ACCOUNTS:
        if security_manager.find_user(username=user_name) is None:
            security_manager.add_user(
                user_name,
                shown,
                "",
                f"{user_name}@localhost.invalid",
                security_manager.find_role(role),
                os.environ[variable],
            )


def _import_bundle(db: Any, security_manager: Any) -> None:
    import yaml
    from flask import g
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.models.dashboard import Dashboard

    g.user = security_manager.find_user(username="quantri")
    contents = {
        path.relative_to(BUNDLE).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(BUNDLE.rglob("*.yaml"))
    }
    numbers = {
        yaml.safe_load(content)["uuid"]
        for path, content in contents.items()
        if path.startswith("dashboards/")
    }
    for dashboard in db.session.query(Dashboard).filter(Dashboard.uuid.in_(numbers)):
        for chart in dashboard.slices:
            db.session.delete(chart)
        db.session.delete(dashboard)
    # one transaction: should the import fail, what was there stays
    db.session.flush()
    ImportAssetsCommand(contents).run()
    db.session.commit()


def _give_roles(db: Any, security_manager: Any) -> None:
    """Give both roles what is declared and nothing else; a grant that Superset does not know is left out.

    A viewer reads what the dashboards show, an analyst every published table.
    """
    from superset.connectors.sqla.models import SqlaTable
    from superset.models.core import Database

    [database] = _imported(db, Database, "databases")
    shown = {chart["dataset_uuid"] for chart in _written("charts")}
    for name, grants in (
        (
            VIEWER,
            {
                ("datasource_access", d.perm)
                for d in _imported(db, SqlaTable, "datasets")
                if str(d.uuid) in shown
            },
        ),
        (ANALYST, _ANALYSING | {("database_access", database.perm)}),
    ):
        role = security_manager.find_role(name)
        role.permissions = [
            grant
            for action, resource in sorted(_VIEWING | grants)
            if (grant := security_manager.find_permission_view_menu(action, resource)) is not None
        ]
    # the page for logging in asks for its words before anybody has logged in; nothing else is for everybody
    words = security_manager.find_permission_view_menu("can_language_pack", "Superset")
    security_manager.get_public_role().permissions = [words]
    db.session.commit()


def _written(kind: str) -> list[dict[str, Any]]:
    import yaml

    return [
        yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((BUNDLE / kind).rglob("*.yaml"))
    ]


def _imported(db: Any, model: Any, kind: str) -> list[Any]:
    """Give what was imported of the files of a kind."""
    numbers = {content["uuid"] for content in _written(kind)}
    found: list[Any] = db.session.query(model).filter(model.uuid.in_(numbers)).all()
    return found


if __name__ == "__main__":
    provision()
