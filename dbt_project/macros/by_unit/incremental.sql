{#- How stale units are built anew: deleted, inserted and noted, in one transaction. -#}

{#- Whether there is a table already, of which only stale units are built anew. A unit test of dbt has no table of its own,
    and what is only compiled may stand in an edition, which has no `built.units`. -#}
{% macro is_incremental_by_unit() -%}
  {{ return(execute and flags.WHICH in ["build", "run"] and this is not none and is_incremental()) }}
{%- endmacro %}

{#- dbt asks this macro by its name whether a table is made from nothing. Beside what dbt knows of (the option, the setting),
    those are whose code or reference data changed: `build.transform` names them. -#}
{% macro should_full_refresh() -%}
  {{ return(dbt.should_full_refresh() or model.name in env_var("WAREHOUSE_FULL_REFRESH", "").split()) }}
{%- endmacro %}

{#- How dbt writes what a build has made of such a model, found by the name of its strategy. -#}
{% macro get_incremental_by_unit_sql(arguments) -%}
  {%- set columns = arguments["dest_columns"] | map(attribute="quoted") | join(", ") -%}
  {%- set meta = config.get("meta") -%}
  delete from {{ arguments["target_relation"] }}
  where
    {{ of_stale_units("unit_key") }}
    {%- if meta.also_stale is not none %}
    or {{ meta.also_stale }}
    {%- endif %}
    {%- if meta.upsert_key is not none %}
    or {{ meta.upsert_key }} in (select {{ meta.upsert_key }} from {{ arguments["temp_relation"] }})
    {%- endif %};
  insert into {{ arguments["target_relation"] }} ({{ columns }})
  select {{ columns }} from {{ arguments["temp_relation"] }};
{%- endmacro %}

{#- The hook at the end of such a model: what its units are built from now. -#}
{% macro note_units_built() -%}
  {%- if execute and flags.WHICH in ["build", "run"] -%}
    {{ keep_fingerprints(this.identifier, units_now(of_stale_units("unit_key")), of_stale_units("unit_key")) }}
    {%- if config.get("meta").upsert_key is not none %}
    {{ keep_fingerprints(this.identifier ~ " rows", units_of_rows(this)) }}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}

{#- `built_in` is the run of dbt that last built the unit. -#}
{% macro keep_fingerprints(model_name, units, condition="true") -%}
  {{ adapter.dispatch("keep_fingerprints")(model_name, units, condition) }}
{%- endmacro %}
