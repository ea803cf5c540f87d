-- Where conservation of money begins: a cell of raw that holds something in a column of money has an amount, or waits
-- in quarantine for a reason that names the column. An amount that is silently empty would be money that nobody misses.
{%- set money_fields = [] %}
{%- for form_name in form_names() %}
{%- for field in form_contract(form_name).fields if field.is_money %}
{%- set _ = money_fields.append((form_name, field.name)) %}
{%- endfor %}
{%- endfor %}
with money_cells as (
  {%- for form_name, field_name in money_fields %}
  select
    cells.submission_id,
    cells.sheet_number,
    cells.table_number,
    cells.row_number,
    '{{ form_name }}' as form_name,
    '{{ field_name }}' as field_name,
    validated.{{ field_name }} as amount
  from {{ source("raw", form_name) }} as cells
  left join {{ ref("stg_" ~ form_name ~ "__validated") }} as validated
    on cells.submission_id = validated.submission_id
    and cells.sheet_number = validated.sheet_number
    and cells.table_number = validated.table_number
    and cells.row_number = validated.row_number
  where trim(cells.{{ field_name }}) not in ('', '-', '–', '—')
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

submissions as (
  select submission_id from {{ ref("stg_submissions") }}
),

refused as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    form_name,
    field_name
  from {{ ref("stg_quarantined_rows") }}
)

select money_cells.*
from money_cells
semi join submissions using (submission_id)
anti join refused using (submission_id, sheet_number, table_number, row_number, form_name, field_name)
where money_cells.amount is null
