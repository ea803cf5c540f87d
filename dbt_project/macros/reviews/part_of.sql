{#- What one of today's units takes of an older unit's figure. The parts are cut at cumulative shares and rounded there, so
    that they add up to the whole figure to the last digit, whatever the shares are. -#}
{% macro part_of(figure, units_today) -%}
  cast(
    round({{ figure }} * {{ units_today }}.share_to, 3) - round({{ figure }} * {{ units_today }}.share_from, 3)
    as decimal(20, 3)
  )
{%- endmacro %}
