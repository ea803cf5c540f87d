{#- Large tables are built unit by unit: `built.units` keeps, for every such model and unit, a fingerprint of the rows that
    the unit was built from. A build compares it with the fingerprint of these rows now, deletes the units that differ and
    builds them anew, in one transaction with the new fingerprints. So it does not matter what changed a unit: a return, a
    log, an earlier day as_of, a build that was cut off.

    A model takes part by `config(**by_unit({...}))`, which names its inputs, each with a condition on the rows that
    matter (none for all of them, "by_unit" for an input whose fingerprints are kept already), and by taking from them
    only rows `{{ of_stale_units("unit_key") }}`. Changed code or reference data is no matter of units: then the layer is
    built from nothing. -#}
{% macro by_unit(inputs) -%}
  {%- for input in inputs -%}
    {#- dbt learns from a ref what is built before what -#}
    {%- do ref(input) -%}
  {%- endfor -%}
  {{ return({
    "materialized": "incremental",
    "incremental_strategy": "by_unit",
    "on_schema_change": "append_new_columns",
    "meta": {"built_from": inputs},
    "post_hook": "{{ note_units_built() }}",
  }) }}
{%- endmacro %}

{#- A model that is built whole but is an input of others lets its own rows be fingerprinted, once for all of them. -#}
{% macro fingerprinted() -%}
  {{ return({"post_hook": "{{ note_units_of_rows() }}"}) }}
{%- endmacro %}

{% macro units_built() -%}
  {{ target.database }}.built.units
{%- endmacro %}

{#- Only where something is built: documents and questions are asked of editions, which nobody writes. -#}
{% macro make_units_built() -%}
  {%- if flags.WHICH in ["build", "run"] %}
  create schema if not exists {{ target.database }}.built;
  create table if not exists {{ units_built() }} (model_name varchar, unit_key varchar, fingerprint varchar);
  {%- endif %}
{%- endmacro %}

{#- One row per unit with the fingerprint of what this model is built from now. -#}
{% macro units_now() -%}
  select
    unit_key,
    {{ fingerprint_of_inputs("input_name", "fingerprint") }} as fingerprint
  from (
    {%- for input, condition in config.get("meta").built_from.items() %}
    {%- if condition == "by_unit" %}
    select
      unit_key,
      '{{ input }}' as input_name,
      fingerprint
    from {{ units_built() }}
    where model_name = '{{ input }}'
    {%- else %}
    {{ units_of_rows(ref(input), condition) }}
    {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
  ) as inputs
  group by unit_key
{%- endmacro %}

{% macro units_of_rows(relation, condition=none) -%}
  select
    unit_key,
    '{{ relation.identifier }}' as input_name,
    {{ fingerprint_of_rows("input_rows") }} as fingerprint
  from {{ relation }} as input_rows
  where unit_key is not null{{ " and " ~ condition if condition is not none }}
  group by unit_key
{%- endmacro %}

{#- The units whose rows here are not those that would be built now. -#}
{% macro stale_units() -%}
  select coalesce(units_now.unit_key, units_before.unit_key) as unit_key
  from ({{ units_now() }}) as units_now
  full outer join (
    select * from {{ units_built() }}
    where model_name = '{{ this.identifier }}'
  ) as units_before
    on units_now.unit_key = units_before.unit_key
  where units_now.fingerprint is distinct from units_before.fingerprint
{%- endmacro %}

{#- A condition on rows. Few units are written out, so that a scan can skip what does not hold them. -#}
{% macro of_stale_units(unit_key) -%}
  {#- a unit test of dbt has no table of its own #}
  {%- if not execute or not this or not is_incremental() -%}
    true
  {%- else -%}
    {%- set stale = run_query(stale_units()).columns[0].values() -%}
    {%- if stale | length == 0 -%}
      false
    {%- elif stale | length <= 500 -%}
      {{ unit_key }} in ('{{ stale | join("', '") }}')
    {%- else -%}
      {{ unit_key }} in ({{ stale_units() }})
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}

{#- How dbt brings such a model up to date, found by the name of its strategy. -#}
{% macro get_incremental_by_unit_sql(arguments) -%}
  {%- set columns = arguments["dest_columns"] | map(attribute="quoted") | join(", ") -%}
  delete from {{ arguments["target_relation"] }}
  where {{ of_stale_units("unit_key") }};
  insert into {{ arguments["target_relation"] }} ({{ columns }})
  select {{ columns }} from {{ arguments["temp_relation"] }};
{%- endmacro %}

{% macro note_units_built() -%}
  {%- if execute -%}
    {{ keep_fingerprints(units_now()) }}
  {%- endif -%}
{%- endmacro %}

{% macro note_units_of_rows() -%}
  {%- if execute -%}
    {{ keep_fingerprints(units_of_rows(this)) }}
  {%- endif -%}
{%- endmacro %}

{% macro keep_fingerprints(units) -%}
  delete from {{ units_built() }}
  where model_name = '{{ this.identifier }}';
  insert into {{ units_built() }}
  select
    '{{ this.identifier }}' as model_name,
    unit_key,
    fingerprint
  from ({{ units }}) as units;
{%- endmacro %}

{#- Rows in any order have the same fingerprint; a row more, less or other has another. -#}
{% macro fingerprint_of_rows(relation) -%}
  cast(count(*) as varchar) || '-' || cast(sum(cast(hash({{ relation }}) as hugeint)) as varchar)
{%- endmacro %}

{% macro fingerprint_of_inputs(input_name, fingerprint) -%}
  md5(string_agg({{ input_name }} || ' ' || {{ fingerprint }}, ' ' order by {{ input_name }}))
{%- endmacro %}
