"""What dbt would have built, by hand: a warehouse small enough to check by hand: two units, two half-years, one indicator."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingest.database import open_warehouse
from ingest.home import WarehouseHome

RECEIVED_AT = datetime(2023, 6, 12, 2, 0, tzinfo=UTC)

BUILT_BY_DBT = """
create schema core;
create schema reviews;
create schema reference;
create schema intermediate;
create table intermediate.int_indicator_components (
    indicator_code varchar, component_number integer, form_name varchar, measure varchar, measure_label_vi varchar,
    measure_label_en varchar, change_type varchar, kind varchar, status varchar, programme varchar,
    activity_type varchar, uom varchar, beneficiary_group varchar, recipient_kind varchar, sign integer,
    condition_vi varchar, condition_en varchar
);
insert into intermediate.int_indicator_components (indicator_code, component_number, form_name, measure, uom, condition_vi)
values ('plastic_kg', 1, 'movement_activities', 'quantity', 'kg', 'ĐVT: kg');
create table core.dim_unit (
    unit_key varchar not null, unit_name varchar not null, unit_kind varchar, parent_key varchar, valid_to date
);
insert into core.dim_unit (unit_key, unit_name) values ('U655', 'Huyện Krông Ana'), ('U24565', 'Xã Ea Bông');
create table core.dim_period (period_code varchar not null, label_vi varchar, period_end date);
insert into core.dim_period values
    ('2022H2', '6 tháng cuối năm 2022', '2022-12-14'),
    ('2023H1', '6 tháng đầu năm 2023', '2023-06-14'),
    ('2023', 'Năm 2023', '2023-12-14');
create table core.dim_programme (programme_code varchar not null, label_vi varchar);
insert into core.dim_programme values ('plastic_waste', 'Chống rác thải nhựa');
create table core.dim_indicator (indicator_code varchar, sort_order integer);
insert into core.dim_indicator values ('new_members', 1), ('plastic_kg', 2);
create table core.dim_member (member_key varchar not null, change_count integer);
insert into core.dim_member values ('k1', 2);
create table reviews.halfyear_review (
    unit_key varchar not null, unit_name varchar not null, period_code varchar not null,
    indicator_code varchar not null, label_vi varchar, uom varchar, value decimal(20, 3), target decimal(20, 3),
    attainment double, same_period_last_year decimal(20, 3), change decimal(20, 3), is_area_total boolean
);
insert into reviews.halfyear_review values
    ('U655', 'Huyện Krông Ana', '2023H1', 'new_members', 'Hội viên mới', 'người', 382, 189, 382 / 189, 1400, -1018, true),
    ('U24565', 'Xã Ea Bông', '2023H1', 'new_members', 'Hội viên mới', 'người', 41, null, null, null, null, false),
    ('U655', 'Huyện Krông Ana', '2022H2', 'new_members', 'Hội viên mới', 'người', null, null, null, null, null, true);
create table reviews.programme_review (
    programme_code varchar, unit_key varchar, unit_name varchar, period_code varchar, indicator_code varchar,
    label_vi varchar, uom varchar, value decimal(20, 3), cumulative decimal(20, 3), rank integer, is_area_total boolean
);
insert into reviews.programme_review values
    ('plastic_waste', 'U655', 'Huyện Krông Ana', '2022H2', 'plastic_kg', 'Rác nhựa', 'kg', 10, 10, null, true),
    ('plastic_waste', 'U655', 'Huyện Krông Ana', '2023H1', 'plastic_kg', 'Rác nhựa', 'kg', 15, 25, null, true),
    ('plastic_waste', 'U24565', 'Xã Ea Bông', '2023H1', 'plastic_kg', 'Rác nhựa', 'kg', 15, 25, 1, false);
create table reviews.restatements (
    edition_id varchar, unit_key varchar, period_code varchar, figure_as_issued decimal(20, 3), cause varchar
);
create table core.fct_movement_activities (activity_key varchar, description varchar, village varchar);
insert into core.fct_movement_activities values
    ('a1', 'Thu gom rác thải nhựa', 'Buôn Tơ Lơ'), ('a2', 'Ra quân vệ sinh môi trường', null);
create table reviews.submission_completeness (
    unit_key varchar, unit_name varchar, period_code varchar, form_name varchar, form_label_vi varchar, status varchar
);
insert into reviews.submission_completeness values
    ('U24565', 'Xã Ea Bông', '2023H1', 'clubs', 'Biểu 02', 'on_time'),
    ('U24565', 'Xã Ea Bông', '2023H1', 'awards', 'Biểu 06', 'missing'),
    ('U24568', 'Xã Băng Adrênh', '2023H1', 'clubs', 'Biểu 02', 'missing'),
    ('U24568', 'Xã Băng Adrênh', '2023H1', 'awards', 'Biểu 06', 'missing'),
    ('U24577', 'Xã Quảng Điền', '2023H1', 'clubs', 'Biểu 02', 'missing'),
    ('U24577', 'Xã Quảng Điền', '2023H1', 'awards', 'Biểu 06', 'rejected'),
    ('U24571', 'Xã Dur Kmăl', '2023H1', 'clubs', 'Biểu 02', 'late');
create table core.fct_submissions (submission_id varchar, form_name varchar, is_current boolean);
insert into core.fct_submissions values ('late', 'clubs', true), ('replaced', 'clubs', false);
create table reviews.quarantined_rows (
    submission_id varchar, unit_key varchar, period_code varchar, sheet_number integer, row_number integer,
    field_name varchar
);
insert into reviews.quarantined_rows values
    ('late', 'U24571', '2023H1', 1, 9, 'founded_on'),
    ('late', 'U24571', '2023H1', 1, 9, 'members'),
    ('late', 'U24571', '2023H1', 1, 12, 'members'),
    ('replaced', 'U24571', '2023H1', 1, 9, 'members');
create table reviews.conservation_ledger (
    rows_seen bigint, rows_loaded bigint, rows_quarantined bigint, rows_structure bigint
);
insert into reviews.conservation_ledger values (1000, 980, 3, 17), (500, 480, 0, 20);
create macro reviews.programme_review_over(programme, first_period, last_period) as table
select programme_code, unit_key, period_code, indicator_code, value
from reviews.programme_review
where programme_code = programme and is_area_total and period_code between first_period and last_period;
comment on macro table reviews.programme_review_over is 'One row per unit, and half-year of ''the window''.';
create table reference.units (unit_key varchar, unit_name varchar);
insert into reference.units values ('U24565', 'Xã Ea Bông');
create table reference.programmes (programme_code varchar, label_vi varchar);
insert into reference.programmes values ('new_rural', 'Xây dựng nông thôn mới, đô thị văn minh');
"""

MANIFEST = {
    "nodes": {
        "model.warehouse.dim_unit": {
            "resource_type": "model",
            "schema": "core",
            "alias": "dim_unit",
            "description": "One row per unit and its validity.",
            "config": {"meta": {"label_vi": "Đơn vị"}},
            "columns": {
                "unit_name": {
                    "name": "unit_name",
                    "description": "The unit's own name.",
                    "config": {"meta": {"label_vi": "Tên đơn vị"}},
                },
                "unit_kind": {
                    "name": "unit_kind",
                    "description": "What it is.",
                    "config": {
                        "meta": {
                            "label_vi": "Loại",
                            "description_vi": "Có địa bàn hay không.",
                            "code_domain": "unit_kind",
                        }
                    },
                },
            },
        },
        "model.warehouse.fct_movement_activities": {
            "resource_type": "model",
            "schema": "core",
            "alias": "fct_movement_activities",
            "description": "One row per activity.",
            "config": {"meta": {"label_vi": "Hoạt động"}},
            "columns": {
                name: {
                    "name": name,
                    "description": "What the branch wrote.",
                    "config": {"meta": {"label_vi": "Chữ của cơ sở", "is_free_text": True}},
                }
                for name in ("description", "village")
            },
        },
        "model.warehouse.halfyear_review": {
            "resource_type": "model",
            "schema": "reviews",
            "alias": "halfyear_review",
            "description": "One row per unit, half-year and indicator.",
            "config": {"meta": {"label_vi": "Sơ kết 6 tháng"}},
            "columns": {
                name: {"name": name, "description": "…", "config": {"meta": {"label_vi": label_vi}}}
                for name, label_vi in (
                    ("unit_name", "Tên đơn vị"),
                    ("value", "Thực hiện"),
                    ("is_area_total", "Là tổng"),
                )
            }
            | {
                "value_basis": {
                    "name": "value_basis",
                    "description": "…",
                    "config": {"meta": {"label_vi": "Căn cứ", "code_domain": "value_basis"}},
                }
            },
        },
        "test.warehouse.unique": {"resource_type": "test", "schema": "tests", "alias": "unique"},
    }
}


def add_submission(home: WarehouseHome, submission_id: str, received_at: datetime = RECEIVED_AT) -> None:
    """Let one accepted return of Ea Bông for 2023H1 stand in ``raw``."""
    with open_warehouse(home) as connection:
        connection.execute(
            "insert into raw.submissions (submission_id, submission_order, file_name, received_at, ingested_at,"
            " unit_key, period_code, verdict)"
            " select ?, count(*) + 1, 'Ea Bong.xlsx', ?, ?, 'U24565', '2023H1', 'accepted' from raw.submissions",
            [submission_id, received_at, received_at],
        )


def run_sql(home: WarehouseHome, sql: str) -> None:
    """Change the working database as a build or a mistake would."""
    with open_warehouse(home) as connection:
        connection.execute(sql)


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Ask an edition as a reader would."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()
