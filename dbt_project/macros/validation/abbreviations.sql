{#- Whether a spelling has letters that stand for words: HV nghèo, CLB. -#}
{% macro holds_abbreviation(spelling) -%}
  regexp_matches({{ spelling }}, '[A-ZĐ]{2}')
{%- endmacro %}
