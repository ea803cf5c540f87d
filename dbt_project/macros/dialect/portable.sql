{#- What engines write differently and the upper layers need: each as it is written where nothing else is said, and as
    Spark wants it. -#}

{#- The texts of a group in their own order, with a comma and a blank between them if nothing else is said. -#}
{% macro joined_text(text, separator="', '") -%}
  {{ return(adapter.dispatch("joined_text")(text, separator)) }}
{%- endmacro %}

{% macro default__joined_text(text, separator) -%}
  string_agg({{ text }}, {{ separator }} order by {{ text }})
{%- endmacro %}

{#- Spark joins no texts to an empty one. -#}
{% macro spark__joined_text(text, separator) -%}
  case when count({{ text }}) > 0 then array_join(array_sort(collect_list({{ text }})), {{ separator }}) end
{%- endmacro %}

{#- The newest value of a window that is known; it goes before `over`. -#}
{% macro last_known(value) -%}
  {{ return(adapter.dispatch("last_known")(value)) }}
{%- endmacro %}

{% macro default__last_known(value) -%}
  last_value({{ value }} ignore nulls)
{%- endmacro %}

{% macro spark__last_known(value) -%}
  last_value({{ value }}, true)
{%- endmacro %}

{#- Each day from one to another, a row a day; one column of a select list. -#}
{% macro each_day(first_day, last_day) -%}
  {{ return(adapter.dispatch("each_day")(first_day, last_day)) }}
{%- endmacro %}

{% macro default__each_day(first_day, last_day) -%}
  cast(unnest(generate_series({{ first_day }}, {{ last_day }}, interval 1 day)) as date)
{%- endmacro %}

{% macro spark__each_day(first_day, last_day) -%}
  explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day))
{%- endmacro %}

{#- How a model is kept that is no more than its query: DuckDB asks it when it is read; Spark would ask it once more for every
    step that reads it. -#}
{% macro materialized_when_read() -%}
  {{ return(adapter.dispatch("materialized_when_read")()) }}
{%- endmacro %}

{% macro default__materialized_when_read() -%}
  {{ return("view") }}
{%- endmacro %}

{% macro spark__materialized_when_read() -%}
  {{ return("table") }}
{%- endmacro %}
