{#- What tables that are partitioned by unit (macros/by_unit) need of an engine: how dbt builds them, and how it is noted what
    their units were built from. -#}

{#- The settings by which dbt builds such a model. `replaces_rows_of_others`: what is built may take the place of rows that
    stand in other units. -#}
{% macro materialized_by_unit(replaces_rows_of_others) -%}
  {{ return(adapter.dispatch("materialized_by_unit")(replaces_rows_of_others)) }}
{%- endmacro %}

{% macro default__materialized_by_unit(replaces_rows_of_others) -%}
  {{ return({
    "materialized": "incremental",
    "incremental_strategy": "by_unit",
    "on_schema_change": "append_new_columns",
  }) }}
{%- endmacro %}

{#- Spark writes whole partitions and no rows, so what replaces rows of other units is made anew. -#}
{% macro spark__materialized_by_unit(replaces_rows_of_others) -%}
  {%- if replaces_rows_of_others -%}
    {{ return({"materialized": "table"}) }}
  {%- endif -%}
  {{ return({
    "materialized": "incremental",
    "incremental_strategy": "insert_overwrite",
    "partition_by": ["unit_key"],
    "on_schema_change": "fail",
    "pre_hook": "{{ drop_stale_partitions() }}",
  }) }}
{%- endmacro %}

{#- `insert overwrite` leaves alone the partition of a unit that has no row any more. -#}
{% macro drop_stale_partitions() -%}
  {%- if is_incremental_by_unit() -%}
    {%- set stale = find_stale_units() -%}
    {%- if stale | length > 0 -%}
      alter table {{ this }} drop if exists
      {%- for unit_key in stale %} partition (unit_key = '{{ unit_key }}'){{ "," if not loop.last }}{% endfor -%}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}

{#- The table in which it is noted what every unit of every such model was built from. -#}
{% macro units_built() -%}
  {{ return(adapter.dispatch("units_built")()) }}
{%- endmacro %}

{% macro default__units_built() -%}
  {{ target.database }}.built.units
{%- endmacro %}

{#- The row without a unit is there for a model that has no units left: of a partition without rows nothing is written. -#}
{% macro spark__units_built() -%}
  (select * from built.units where unit_key is not null)
{%- endmacro %}

{% macro default__make_units_built() %}
  create schema if not exists {{ target.database }}.built;
  create table if not exists {{ units_built() }} (
    model_name varchar, unit_key varchar, fingerprint varchar, built_in varchar
  );
  alter table {{ units_built() }} add column if not exists built_in varchar;
{%- endmacro %}

{#- Spark takes one statement at a time. -#}
{% macro spark__make_units_built() -%}
  {%- if execute -%}
    {%- do run_query("create schema if not exists built") -%}
    {%- do run_query(
      "create table if not exists built.units (unit_key string, fingerprint string, built_in string, model_name string)"
      " using parquet partitioned by (model_name)"
    ) -%}
  {%- endif -%}
{%- endmacro %}

{% macro default__keep_fingerprints(model_name, units, condition) -%}
  delete from {{ units_built() }}
  where model_name = '{{ model_name }}' and {{ condition }};
  insert into {{ units_built() }}
  select
    '{{ model_name }}' as model_name,
    unit_key,
    fingerprint,
    '{{ invocation_id }}' as built_in
  from ({{ units }}) as units;
{%- endmacro %}

{#- The partition of the model is written anew, with what of it still stands. -#}
{% macro spark__keep_fingerprints(model_name, units, condition) -%}
  {%- set statement -%}
  insert overwrite table built.units partition (model_name)
  select
    unit_key,
    fingerprint,
    built_in,
    model_name
  from built.units
  where model_name = '{{ model_name }}' and unit_key is not null and not ({{ condition }})
  union all
  select
    unit_key,
    fingerprint,
    '{{ invocation_id }}' as built_in,
    '{{ model_name }}' as model_name
  from ({{ units }}) as units
  union all
  select
    cast(null as string) as unit_key,
    '' as fingerprint,
    '{{ invocation_id }}' as built_in,
    '{{ model_name }}' as model_name
  {%- endset -%}
  {%- do run_query(statement) -%}
{%- endmacro %}

{#- Rows in any order have the same fingerprint; a row more, less or other has another. -#}
{% macro fingerprint_of_rows(relation) -%}
  {{ return(adapter.dispatch("fingerprint_of_rows")(relation)) }}
{%- endmacro %}

{% macro default__fingerprint_of_rows(relation) -%}
  cast(count(*) as varchar) || '-' || cast(coalesce(sum(cast(hash({{ relation }}) as hugeint)), 0) as varchar)
{%- endmacro %}

{#- A hash of Spark passes over nulls, so that a value that moves from one column to the next would not be seen; JSON has the
    names of the columns. -#}
{% macro spark__fingerprint_of_rows(relation) -%}
  cast(count(*) as string) || '-'
  || cast(coalesce(sum(cast(xxhash64(to_json(struct({{ relation }}.*))) as decimal(38, 0))), 0) as string)
{%- endmacro %}
