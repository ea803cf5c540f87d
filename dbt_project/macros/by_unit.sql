{#- Large tables are built unit by unit: `built.units` keeps, for every such model and unit, a fingerprint of the rows that
    the unit was built from. A build compares it with the fingerprint of these rows now, deletes the units that differ and
    builds them anew, in one transaction with the new fingerprints. So it does not matter what changed a unit: a return, a
    log, an earlier day as_of, a build that was cut off.

    A model takes part by `config(**by_unit({...}))`, which names its inputs, each with a condition on the rows that
    matter (none for all of them; "by_unit" for an input that is itself built by unit, "rows_by_unit" where its rows may
    change without what their unit is built from, since it has a unique_key), and by taking from them only rows
    `{{ of_stale_units("unit_key") }}`. Changed code or reference data is no matter of units: then the layer is built from
    nothing, as it is after a build that was cut off or a test that failed.

    whole: relations that are no matter of units; when one changes, every unit is stale.
    together: relation and column by which units are built together; when one is stale all are.
    unique_key: a row that is built replaces the one of this key, of whatever unit that was.
    replaced: a condition on more rows that are replaced. -#}
{% macro by_unit(inputs, whole=[], together=none, unique_key=none, replaced=none) -%}
  {#- dbt learns from a ref what is built before what; a unit test of dbt, which has no table of its own, need not -#}
  {%- if this is not none -%}
    {%- for input in inputs.keys() | list + whole + ([] if together is none else [together[0]]) -%}
      {%- do ref(input) -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return({
    "materialized": "incremental",
    "incremental_strategy": "by_unit",
    "on_schema_change": "append_new_columns",
    "meta": {
      "built_from": inputs, "whole": whole, "together": together, "key_of_rows": unique_key, "replaced": replaced
    },
    "post_hook": "{{ note_units_built() }}",
  }) }}
{%- endmacro %}

{% macro units_built() -%}
  {{ target.database }}.built.units
{%- endmacro %}

{#- Only where something is built: documents and questions are asked of editions, which nobody writes. -#}
{% macro make_units_built() -%}
  {%- if flags.WHICH in ["build", "run"] %}
  create schema if not exists {{ target.database }}.built;
  create table if not exists {{ units_built() }} (
    model_name varchar, unit_key varchar, fingerprint varchar, built_in varchar
  );
  alter table {{ units_built() }} add column if not exists built_in varchar;
  {%- endif %}
{%- endmacro %}

{#- One row per unit with the fingerprint of what this model is built from now; for units that are built together, of what
    all of them are built from. A condition on unit_key takes some units only, of a group all or none. -#}
{% macro units_now(condition="true") -%}
  {%- set meta = config.get("meta") -%}
  {%- if meta.together is none -%}
    {{ units_of_inputs(condition) }}
  {%- else -%}
  select
    coalesce(members.unit_key, groups_now.group_key) as unit_key,
    groups_now.fingerprint
  from (
    select
      coalesce(groups.{{ meta.together[1] }}, inputs.unit_key) as group_key,
      {{ fingerprint_of_inputs("inputs.unit_key", "inputs.fingerprint") }} as fingerprint
    from ({{ units_of_inputs(condition) }}) as inputs
    left join {{ ref(meta.together[0]) }} as groups
      on inputs.unit_key = groups.unit_key
    group by coalesce(groups.{{ meta.together[1] }}, inputs.unit_key)
  ) as groups_now
  left join {{ ref(meta.together[0]) }} as members
    on groups_now.group_key = members.{{ meta.together[1] }}
  {%- endif -%}
{%- endmacro %}

{% macro units_of_inputs(condition) -%}
  select
    unit_key,
    {{ fingerprint_of_inputs("input_name", "fingerprint") }}
    {%- for relation in config.get("meta").whole %}
    || (select {{ fingerprint_of_rows("whole_rows") }} from {{ ref(relation) }} as whole_rows)
    {%- endfor %} as fingerprint
  from (
    {%- for input, of_input in config.get("meta").built_from.items() %}
    {%- if of_input in ["by_unit", "rows_by_unit"] %}
    select
      unit_key,
      '{{ input }}' as input_name,
      fingerprint
    from {{ units_built() }}
    where model_name = '{{ input }}{{ " rows" if of_input == "rows_by_unit" }}' and {{ condition }}
    {%- else %}
    {{ units_of_rows(ref(input), condition if of_input is none else of_input ~ " and " ~ condition) }}
    {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
  ) as inputs
  group by unit_key
{%- endmacro %}

{% macro units_of_rows(relation, condition="true") -%}
  select
    unit_key,
    '{{ relation.identifier }}' as input_name,
    {{ fingerprint_of_rows("input_rows") }} as fingerprint
  from {{ relation }} as input_rows
  where unit_key is not null and {{ condition }}
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

{#- They are looked for once a build and remembered with the node: a fingerprint may cost a scan. -#}
{% macro find_stale_units() -%}
  {%- set meta = config.get("meta") -%}
  {%- if "stale_units" not in meta -%}
    {%- do meta.update({"stale_units": run_query(stale_units()).columns[0].values() | list}) -%}
  {%- endif -%}
  {{ return(meta.stale_units) }}
{%- endmacro %}

{#- Whether there is a table already, of which only some units are built anew. A unit test of dbt has no table of its own,
    and what is only compiled may stand in an edition, which has no `built.units`. -#}
{% macro is_brought_up_to_date() -%}
  {{ return(execute and flags.WHICH in ["build", "run"] and this is not none and is_incremental()) }}
{%- endmacro %}

{#- A condition on rows, written out, so that a scan can skip what does not hold the units. -#}
{% macro of_stale_units(unit_key) -%}
  {%- if not is_brought_up_to_date() -%}
    true
  {%- else -%}
    {%- set stale = find_stale_units() -%}
    {%- if stale | length == 0 -%}
      false
    {%- else -%}
      {{ unit_key }} in ('{{ stale | join("', '") }}')
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}

{#- The keys whose rows are looked at anew in a model with such keys: those that stand in a stale unit now, those that stood
    in one, and those that are replaced in any case. -#}
{% macro keys_looked_at_anew(key, relation) -%}
  {%- set replaced = config.get("meta").replaced -%}
  select {{ key }}
  from {{ relation }}
  where {{ of_stale_units("unit_key") }}
  union
  select {{ key }}
  from {{ this }}
  where {{ of_stale_units("unit_key") }}{{ " or " ~ replaced if replaced is not none }}
{%- endmacro %}

{#- How dbt brings such a model up to date, found by the name of its strategy. -#}
{% macro get_incremental_by_unit_sql(arguments) -%}
  {%- set columns = arguments["dest_columns"] | map(attribute="quoted") | join(", ") -%}
  {%- set meta = config.get("meta") -%}
  delete from {{ arguments["target_relation"] }}
  where
    {{ of_stale_units("unit_key") }}
    {%- if meta.replaced is not none %}
    or {{ meta.replaced }}
    {%- endif %}
    {%- if meta.key_of_rows is not none %}
    or {{ meta.key_of_rows }} in (select {{ meta.key_of_rows }} from {{ arguments["temp_relation"] }})
    {%- endif %};
  insert into {{ arguments["target_relation"] }} ({{ columns }})
  select {{ columns }} from {{ arguments["temp_relation"] }};
{%- endmacro %}

{% macro note_units_built() -%}
  {%- if execute and flags.WHICH in ["build", "run"] -%}
    {{ keep_fingerprints(this.identifier, units_now(of_stale_units("unit_key")), of_stale_units("unit_key")) }}
    {%- if config.get("meta").key_of_rows is not none %}
    {{ keep_fingerprints(this.identifier ~ " rows", units_of_rows(this)) }}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}

{#- `built_in` is the run of dbt that last built the unit. -#}
{% macro keep_fingerprints(model_name, units, condition="true") -%}
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

{#- Data tests look at the units that a build has built: the others were looked at when they were. A test that is run by
    itself looks at everything. dbt calls this by its name wherever a test reads the table that it stands on. -#}
{% macro get_where_subquery(relation) -%}
  {%- set conditions = [] -%}
  {%- if config.get("where") -%}{%- do conditions.append(config.get("where")) -%}{%- endif -%}
  {%- set tested = graph.nodes.get(model.attached_node) if execute and flags.WHICH == "build" -%}
  {%- if tested and tested.name == relation.identifier and tested.config.meta.get("built_from") -%}
    {%- do conditions.append(
      "unit_key in (select unit_key from " ~ units_built() ~ " where model_name = '" ~ relation.identifier
      ~ "' and built_in = '" ~ invocation_id ~ "')"
    ) -%}
  {%- endif -%}
  {%- if conditions -%}
    (select * from {{ relation }} where {{ conditions | join(" and ") }}) as dbt_subquery
  {%- else -%}
    {{ relation }}
  {%- endif -%}
{%- endmacro %}

{#- Rows in any order have the same fingerprint; a row more, less or other has another. -#}
{% macro fingerprint_of_rows(relation) -%}
  cast(count(*) as varchar) || '-' || cast(coalesce(sum(cast(hash({{ relation }}) as hugeint)), 0) as varchar)
{%- endmacro %}

{% macro fingerprint_of_inputs(input_name, fingerprint) -%}
  md5(string_agg({{ input_name }} || ' ' || {{ fingerprint }}, ' ' order by {{ input_name }}))
{%- endmacro %}
