{#- Which units are stale: what they would be built from now is not what they were built from. -#}

{#- One row per unit with the fingerprint of what this model is built from now; for co-partitioned units, of what all of
    their partition are built from. A condition on unit_key takes some units only, of a partition all or none. -#}
{% macro units_now(condition="true") -%}
  {%- set meta = config.get("meta") -%}
  {%- if meta.co_partitioned is none -%}
    {{ units_of_inputs(condition) }}
  {%- else -%}
  {%- set relation, column = meta.co_partitioned -%}
  select
    coalesce(members.unit_key, partitions.partition_key) as unit_key,
    partitions.fingerprint
  from (
    select
      coalesce(partition_of.{{ column }}, inputs.unit_key) as partition_key,
      {{ fingerprint_of_inputs("inputs.unit_key", "inputs.fingerprint") }} as fingerprint
    from ({{ units_of_inputs(condition) }}) as inputs
    left join {{ ref(relation) }} as partition_of
      on inputs.unit_key = partition_of.unit_key
    group by coalesce(partition_of.{{ column }}, inputs.unit_key)
  ) as partitions
  left join {{ ref(relation) }} as members
    on partitions.partition_key = members.{{ column }}
  {%- endif -%}
{%- endmacro %}

{% macro units_of_inputs(condition) -%}
  select
    unit_key,
    {{ fingerprint_of_inputs("input_name", "fingerprint") }}
    {%- for relation in config.get("meta").unpartitioned %}
    || (select {{ fingerprint_of_rows("unpartitioned_rows") }} from {{ ref(relation) }} as unpartitioned_rows)
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

{#- A condition on rows, written out, so that a scan can skip what does not hold the units. -#}
{% macro of_stale_units(unit_key) -%}
  {%- if not is_incremental_by_unit() -%}
    {{ of_every_unit(unit_key) }}
  {%- else -%}
    {%- set stale = find_stale_units() -%}
    {%- if stale | length == 0 -%}
      false
    {%- else -%}
      {{ unit_key }} in ('{{ stale | join("', '") }}')
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}

{#- The keys whose rows are built anew in a model with an upsert_key: those that stand in a stale unit now, those that stood
    in one, and those that are stale in any case. -#}
{% macro stale_keys(key, relation) -%}
  {%- set also_stale = config.get("meta").also_stale -%}
  select {{ key }}
  from {{ relation }}
  where {{ of_stale_units("unit_key") }}
  union
  select {{ key }}
  from {{ this }}
  where {{ of_stale_units("unit_key") }}{{ " or " ~ also_stale if also_stale is not none }}
{%- endmacro %}

{% macro fingerprint_of_inputs(input_name, fingerprint) -%}
  md5({{ joined_text(input_name ~ " || ' ' || " ~ fingerprint, "' '") }})
{%- endmacro %}
