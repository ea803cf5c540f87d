{#- A tick: true, false (blank too), or null for a mark that says neither. Besides the letters that people type there are
    the boxes and ticks of Unicode, and the letters that look like ticks in the font Wingdings. -#}
{% macro tick_from_cell(text) -%}
  case
    when {{ text }} is null then false
    when lower({{ text }}) in ('✓', '✔', '☑', '√', '✅', '🗸', '🗹', '×', '✕', '✖', '✗', '✘', '☒', '+', 'ü', 'þ') then true
    when {{ text }} in ('☐', '□') then false
    when {{ fold("regexp_replace(" ~ text ~ ", '[.]0+$', '')") }} in ('x', 'v', '1', 'co', 'true', 'yes', 'dung') then true
    when {{ fold("regexp_replace(" ~ text ~ ", '[.]0+$', '')") }} in ('0', 'khong', 'false', 'no', 'ko') then false
  end
{%- endmacro %}
