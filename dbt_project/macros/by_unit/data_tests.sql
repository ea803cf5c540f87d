{#- What data tests of models that are partitioned by unit look at: the units that the build has built. The others were
    looked at when they were built, and a test of the whole country after each return would cost more than the build. -#}

{#- RISK: dbt calls this macro by its name for every generic data test of the project, and whatever it returns is all that
    the test sees. So it narrows in one case only, and everything else is dbt's own business: the test stands on a model
    that is partitioned by unit, reads that very model (and not another, as relationships does too), and runs in a
    `dbt build`. `dbt test` looks at everything. tests/dbt_project/test_by_unit.py holds it. -#}
{% macro get_where_subquery(relation) -%}
  {%- if execute and is_test_of_units_built(relation) -%}
    (select * from {{ dbt.get_where_subquery(relation) }} where {{ is_unit_built_now(relation) }}) as units_built_now
  {%- else -%}
    {{- dbt.get_where_subquery(relation) -}}
  {%- endif -%}
{%- endmacro %}

{% macro is_test_of_units_built(relation) -%}
  {%- set tested = graph.nodes.get(model.attached_node) -%}
  {{ return(
    flags.WHICH == "build" and target.type == "duckdb" and tested is not none and tested.name == relation.identifier and is_by_unit(tested)
  ) }}
{%- endmacro %}

{% macro is_unit_built_now(relation) -%}
  unit_key in (
    select unit_key from {{ units_built() }}
    where model_name = '{{ relation.identifier }}' and built_in = '{{ invocation_id }}'
  )
{%- endmacro %}
