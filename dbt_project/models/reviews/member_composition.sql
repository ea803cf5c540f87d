with indicator_values as (
  select * from {{ ref("indicator_values") }}
  where programme_code = 'all'
),

indicators as (
  select * from {{ ref("dim_indicator") }}
),

units as (
  select * from {{ ref("dim_unit") }}
),

categories as (
  select * from {{ ref("int_member_categories") }}
),

periods as (
  select * from {{ ref("dim_period") }}
),

cells as (
  select * from {{ ref("int_small_cells_covered") }}
),

counted_indicators as (
  select indicator_code from cells
  group by indicator_code
),

tables_covered as (
  select
    units.unit_key,
    cells.period_code,
    cells.indicator_code,
    cells.dimension
  from cells
  inner join units
    on cells.area_key = units.area_key
  where cells.is_whole_table_covered
  group by units.unit_key, cells.period_code, cells.indicator_code, cells.dimension
),

-- Keys and figures alone: what they are called is joined last. DuckDB 2.0 ends with an internal error where it builds a
-- join from names that came by other joins (duckdb/duckdb#24807), which it does for a country's ten years.
lines as (
  select
    indicator_values.unit_key,
    indicator_values.is_area_total,
    indicator_values.period_code,
    indicator_values.indicator_code,
    indicator_values.value
  from indicator_values
  inner join counted_indicators using (indicator_code)
),

-- A line of nobody is all zeros, which its total tells already; where a whole table is covered every category is, so
-- that not even which ones occur is told.
final as (
  select
    lines.unit_key,
    units.unit_name,
    lines.is_area_total,
    lines.period_code,
    lines.indicator_code,
    indicators.label_vi as indicator_label_vi,
    categories.dimension,
    categories.dimension_label_vi,
    categories.category_code,
    categories.label_vi,
    cast(
      case
        when lines.value is null then null
        when lines.value = 0 then 0
        when tables_covered.unit_key is not null or cells.is_covered then null
        else coalesce(cells.members, 0)
      end as integer
    ) as value,
    cast(lines.value as integer) as total,
    coalesce(lines.value > 0 and (tables_covered.unit_key is not null or cells.is_covered), false) as is_suppressed,
    cast(categories.dimension_sort_order * 1000 + categories.sort_order as integer) as sort_order,
    periods.label_vi as period_label_vi,
    cast(
      case
        when lines.value > 0 and (tables_covered.unit_key is not null or cells.is_covered) then null else lines.value
      end as integer
    ) as total_told
  from lines
  cross join categories
  left join cells
    on lines.unit_key = cells.unit_key
    and lines.period_code = cells.period_code
    and lines.indicator_code = cells.indicator_code
    and categories.dimension = cells.dimension
    and categories.category_code = cells.category_code
  left join tables_covered
    on lines.unit_key = tables_covered.unit_key
    and lines.period_code = tables_covered.period_code
    and lines.indicator_code = tables_covered.indicator_code
    and categories.dimension = tables_covered.dimension
  inner join units
    on lines.unit_key = units.unit_key
  inner join indicators
    on lines.indicator_code = indicators.indicator_code
  left join periods
    on lines.period_code = periods.period_code
)

select * from final
