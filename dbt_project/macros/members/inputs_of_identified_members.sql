{#- int_members_identified is a view of these two. -#}
{% macro inputs_of_identified_members() -%}
  {{ return({"int_members_identified_by_rule": "by_unit", "int_members_identified_by_decision": none}) }}
{%- endmacro %}
