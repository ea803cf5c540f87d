{#- Large tables are partitioned by unit: a build looks which units are stale and builds these anew, in one transaction with
    the note of what they were built from (`built.units`, a fingerprint for every such model and unit). So it does not
    matter what changed a unit: a return, a log, an earlier day as_of, a build that was cut off.

    A worked example. Members are counted from the changes of their units, each unit by itself:

        {{ config(**by_unit({"int_member_changes_attributed": "by_unit", "villages": none})) }}

        select unit_key, village, count(*) as members
        from {{ ref("int_member_changes_attributed") }}
        left join {{ ref("villages") }} using (unit_key, village)
        where {{ of_stale_units("unit_key") }}
        group by unit_key, village

    1. The first build makes the whole table and notes in `built.units` one fingerprint for Ea Bông, one for Buôn Trấp.
    2. Ea Bông sends its return again. `int_member_changes_attributed` builds Ea Bông anew and notes another fingerprint.
    3. This model compares what its inputs are now with what it noted: Ea Bông differs and is stale, Buôn Trấp is not.
       `of_stale_units` becomes `unit_key in ('U24565')`, the rows of Ea Bông are deleted and inserted, and its new
       fingerprint is noted, all in one transaction. Data tests look at Ea Bông.
    4. Nothing is sent: no unit is stale, `of_stale_units` becomes `false`, nothing is written.

    The files beside this one go the same way: `stale_units` compares, `incremental` deletes, inserts and notes,
    `data_tests` tests what was built. Changed code or reference data is no matter of units: then the model is built from
    nothing (`full_refresh`), as it is after a build that was cut off or a test that failed. -#}

{#- The settings of a model that is partitioned by unit.

    inputs: its inputs, each with a condition on the rows that matter: none for all of them; "by_unit" for an input that is
    itself partitioned by unit; "rows_by_unit" where its rows may change without what their unit is built from, since it
    has an upsert_key.
    unpartitioned: relations that are no matter of units; when one changes, every unit is stale.
    co_partitioned: relation and column by which units go into one partition; when one is stale all of it are.
    upsert_key: a row that is built replaces the one of this key, of whatever unit that was.
    also_stale: a condition on more rows of the table that are built anew each time.
    is_one_slice: slices would save nothing: its rows are made one by one and none is kept in memory, or it reads figures and
    no rows of forms, however many these are. -#}
{% macro by_unit(
  inputs, unpartitioned=[], co_partitioned=none, upsert_key=none, also_stale=none, is_one_slice=false
) -%}
  {#- dbt learns from a ref what is built before what; a unit test of dbt, which has no table of its own, need not -#}
  {%- if this is not none -%}
    {%- set grouped_by = [] if co_partitioned is none else [co_partitioned[0]] -%}
    {%- for input in inputs.keys() | list + unpartitioned + grouped_by -%}
      {%- do ref(input) -%}
    {%- endfor -%}
  {%- endif -%}
  {%- set settings = {
    "meta": {
      "built_from": inputs,
      "unpartitioned": unpartitioned,
      "co_partitioned": co_partitioned,
      "upsert_key": upsert_key,
      "also_stale": also_stale,
      "is_one_slice": is_one_slice,
    },
    "post_hook": "{{ note_units_built() }}",
  } -%}
  {%- do settings.update(materialized_by_unit(replaces_rows_of_others=upsert_key is not none or also_stale is not none)) -%}
  {{ return(settings) }}
{%- endmacro %}

{#- Whether a node of dbt's graph is a model that is partitioned by unit. -#}
{% macro is_by_unit(node) -%}
  {{ return("built_from" in node.config.get("meta", {})) }}
{%- endmacro %}

{#- Only where something is built: documents and questions are asked of editions, which nobody writes. -#}
{% macro make_units_built() -%}
  {%- if flags.WHICH in ["build", "run"] -%}
    {{ adapter.dispatch("make_units_built")() }}
  {%- endif -%}
{%- endmacro %}
