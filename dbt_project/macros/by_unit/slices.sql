{#- How a country that does not fit into memory is built from nothing: one slice after the other. What a unit holds depends
    on the rows of its units alone, which is what being partitioned by unit means; and what is partitioned together stands in
    one area. So the first build of such a model may be as many inserts as there are slices, each of whole areas, and the
    table is the same. Where rows are grouped by another key than their unit, a slice holds some of the keys. A district,
    and a year of the country, are one slice.

    A condition that is true in a build from nothing carries a mark with the name of its column (`of_every_unit`,
    `of_every_key`); a slice puts its own condition there. -#}

{#- Rows of all forms that a slice may have: what a year of the country has, with 6 GB of memory. -#}
{% macro rows_in_a_slice() -%}
  {{ return(env_var("WAREHOUSE_ROWS_AT_ONCE", "20000000") | int) }}
{%- endmacro %}

{#- True for every unit, with a mark by which a slice finds the column. -#}
{% macro of_every_unit(unit_key) -%}
  true {{ "/* of every " ~ unit_key ~ " */" }}
{%- endmacro %}

{#- True for every key, a number or a pseudonym; what is grouped by it alone may be built a slice of keys at a time. -#}
{% macro of_every_key(key) -%}
  true {{ "/* of every key " ~ key ~ " */" }}
{%- endmacro %}

{#- dbt asks this macro by its name how a table is made; all but large tables by unit are made as dbt-duckdb makes them. -#}
{% macro duckdb__create_table_as(
  temporary, relation, compiled_code, language="sql", partitioned_by=none, sorted_by=none
) -%}
  {%- set slices = [] if temporary else slices_of(compiled_code) -%}
  {%- if slices | length < 2 -%}
    {{ dbt.duckdb__create_table_as(temporary, relation, compiled_code, language, partitioned_by, sorted_by) }}
  {%- else -%}
    {{ dbt.duckdb__create_table_as(
      temporary, relation, of_slice(compiled_code, slices[0]), language, partitioned_by, sorted_by
    ) }}
    {%- for slice in slices[1:] %};
    insert into {{ relation }} by name (
      {{ of_slice(compiled_code, slice) }}
    )
    {%- endfor -%}
  {%- endif -%}
{%- endmacro %}

{#- The slices in which a table is made; none where it is no large table by unit. -#}
{% macro slices_of(compiled_code) -%}
  {%- if not execute or config.get("incremental_strategy") != "by_unit" or config.get("meta").is_one_slice -%}
    {{ return([]) }}
  {%- endif -%}
  {%- set row_count = run_query(
    "select coalesce(sum(estimated_size), 0) from duckdb_tables() where schema_name = 'raw' and database_name = '"
    ~ target.database ~ "'"
  ).columns[0].values()[0] | int -%}
  {%- set slice_count = row_count // rows_in_a_slice() + 1 -%}
  {%- if slice_count == 1 -%}
    {{ return([]) }}
  {%- elif "of every key" in compiled_code -%}
    {{ return(slices_of_keys(slice_count)) }}
  {%- elif config.get("meta").upsert_key is none and config.get("meta").also_stale is none -%}
    {{ return(slices_of_units(slice_count)) }}
  {%- endif -%}
  {{ return([]) }}
{%- endmacro %}

{#- The SQL of a model for one slice; a mark that is not found would have rows inserted once a slice. -#}
{% macro of_slice(compiled_code, condition) -%}
  {%- set sliced = modules.re.sub(
    "true /[*] of every (?:key )?([a-z_.]+) [*]/", "(" ~ condition ~ ")", compiled_code
  ) -%}
  {%- if sliced == compiled_code or "of every" in sliced -%}
    {%- do exceptions.raise_compiler_error("a slice of " ~ model.name ~ " does not find what it is a slice of") -%}
  {%- endif -%}
  {{ return(sliced) }}
{%- endmacro %}

{#- Conditions on units, each of whole areas, that share out all rows. -#}
{% macro slices_of_units(slice_count) -%}
  {%- set seed = graph.nodes.values() | selectattr("resource_type", "equalto", "seed")
    | selectattr("name", "equalto", "units") | first -%}
  {%- set areas = run_query(
    "select string_agg(unit_key, ' ' order by unit_key) from " ~ seed.relation_name
    ~ " group by coalesce(area_key, unit_key) order by coalesce(area_key, unit_key)"
  ).columns[0].values() -%}
  {{ return(shared_out("\\1", areas, slice_count)) }}
{%- endmacro %}

{#- Conditions on keys, by their last character, that share out all rows. -#}
{% macro slices_of_keys(slice_count) -%}
  {{ return(shared_out("right(\\1, 1)", "0123456789abcdef" | list, slice_count)) }}
{%- endmacro %}

{#- Conditions that a value is one of several groups of words, so many as there are to be, if there are as many groups; the
    last one takes whatever is none of the words of the others. They are a subquery, which is looked up in: a list within
    `coalesce` is compared word by word with every row, a hundred times as long for a country. -#}
{% macro shared_out(value, groups, slice_count) -%}
  {%- set conditions, taken = [], [] -%}
  {%- for groups_of_slice in groups | slice([slice_count, groups | length] | min) -%}
    {%- set words = (groups_of_slice | join(" ")).split() -%}
    {%- if loop.last -%}
      {%- do conditions.append("coalesce(" ~ value ~ " not in (select unnest(['" ~ taken | join("', '") ~ "'])), true)") -%}
    {%- else -%}
      {%- do taken.extend(words) -%}
      {%- do conditions.append(value ~ " in ('" ~ words | join("', '") ~ "')") -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(conditions) }}
{%- endmacro %}
