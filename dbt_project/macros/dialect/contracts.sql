{#- Contracts where tables are Parquet: what a model gives is held against them by name and type as on DuckDB. That a column is
    never null is held when the tables are taken back into DuckDB. -#}

{#- The empty query of a contract; types are written as DuckDB calls them. -#}
{% macro spark__get_empty_schema_sql(columns) -%}
  select
  {%- for column in columns.values() %}
    cast(null as {{ spark_type(column.data_type) }}) as {{ column.name }}{{ "," if not loop.last }}
  {%- endfor %}
{%- endmacro %}

{% macro spark_type(data_type) -%}
  {{ return({"varchar": "string", "timestamp with time zone": "timestamp"}.get(data_type, data_type)) }}
{%- endmacro %}

{#- Parquet keeps none. -#}
{% macro spark__persist_constraints(relation, model) -%}
{%- endmacro %}
