{#- Every code that the table holds has its label in core.dim_code. Which list a column's codes are of is said where the
    column is described: `code_domain`, or `code_domain_column` where another column of the row names the list. -#}
{% test codes_have_labels(model) %}
  {%- set coded = coded_columns() %}
  {%- for column, domain in coded.items() %}
  select
    '{{ column }}' as column_name,
    coded_rows.domain,
    coded_rows.code
  from (
    select distinct
      {{ domain }} as domain,
      {{ column }} as code
    from {{ model }}
    where {{ column }} is not null
  ) as coded_rows
  left join {{ ref("dim_code") }} as codes
    on coded_rows.domain = codes.domain
    and coded_rows.code = codes.code
  where coded_rows.domain is not null and codes.code is null
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- else %}
  select * from {{ ref("dim_code") }}
  {%- endfor %}
{% endtest %}

{#- The coded columns of the table that a test stands on, each with the list of its codes as SQL. -#}
{% macro coded_columns() -%}
  {%- set coded = {} -%}
  {%- if execute -%}
    {%- for column in graph.nodes[model.attached_node].columns.values() -%}
      {%- set meta = column.config.meta if column.config is defined and column.config.meta else column.meta -%}
      {%- if "code_domain" in meta -%}
        {%- do coded.update({column.name: "'" ~ meta.code_domain ~ "'"}) -%}
      {%- elif "code_domain_column" in meta -%}
        {%- do coded.update({column.name: meta.code_domain_column}) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(coded) }}
{%- endmacro %}
