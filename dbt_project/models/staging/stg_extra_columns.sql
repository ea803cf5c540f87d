with sheet_tables as (
  select sheet_tables.*
  from {{ ref("stg_sheet_tables") }} as sheet_tables
  inner join {{ ref("stg_submissions") }} using (submission_id)
),

unnested as (
  select
    submission_id,
    sheet_number,
    table_number,
    form_name,
    unnest(cast(extra_columns as json[])) as extra_column
  from sheet_tables
  where form_name is not null and json_array_length(extra_columns) > 0
),

final as (
  select
    submission_id,
    sheet_number,
    table_number,
    form_name,
    extra_column ->> '$.column' as column_letter,
    extra_column ->> '$.header' as header
  from unnested
)

select * from final
