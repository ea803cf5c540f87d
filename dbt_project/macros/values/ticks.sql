{#- A tick: true, false (blank too), or null for a mark that says neither. -#}
{% macro tick_from_cell(text) -%}
  case
    when {{ text }} is null then false
    when lower({{ text }}) in ('✓', '✔', '☑', '√') then true
    when {{ fold("regexp_replace(" ~ text ~ ", '[.]0+$', '')") }} in ('x', 'v', '1', 'co', 'true', 'yes', 'dung') then true
    when {{ fold("regexp_replace(" ~ text ~ ", '[.]0+$', '')") }} in ('0', 'khong', 'false', 'no', 'ko') then false
  end
{%- endmacro %}
