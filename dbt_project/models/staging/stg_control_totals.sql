with known_submissions as (
  select submission_id from {{ ref("stg_submissions") }}
),

control_totals as (
  select * from {{ source("raw", "control_totals") }}
),

parted as (
  select
    control_totals.*,
    {{ number_parts("control_totals.value", "control_totals.cell_type") }} as value_parts
  from control_totals
  inner join known_submissions using (submission_id)
),

final as (
  select
    parted.submission_id,
    parted.sheet_number,
    parted.table_number,
    parted.form_name,
    coalesce(parted.first_sheet_number, parted.sheet_number) as first_sheet_number,
    parted.row_number,
    parted.kind,
    parted.first_row,
    parted.last_row,
    parted.field_name,
    (parted.form_name, parted.field_name) in ({{ money_fields() }}) as is_money,
    value as value_text,
    parted.money_scale,
    {{ number_from_cell("value", "cell_type", "value_parts") }} as value,
    {{ number_from_cell("value", "cell_type", "value_parts", "money_scale") }} as value_vnd
  from parted
)

select * from final
