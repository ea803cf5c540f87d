{#- A unit's name amid a sentence: xã Ea Bông; that of a base unit of a force begins with a capital anywhere. -#}
{% macro name_in_sentence(units) -%}
  case
    when {{ units }}.unit_kind = 'territorial'
      then lower(substr({{ units }}.unit_name, 1, 1)) || substr({{ units }}.unit_name, 2)
    else {{ units }}.unit_name
  end
{%- endmacro %}
