{#- A count of people that is too small to be told: somebody may be known by it. None and nobody are not small. -#}
{% macro is_small_count(people) -%}
  ({{ people }} > 0 and {{ people }} < {{ var("smallest_count_published") }})
{%- endmacro %}

{#- True where a part of a count that is itself told may not be: it is small, or what is left is. Null is not reported. -#}
{% macro is_small_part(part, whole) -%}
  coalesce({{ is_small_count(part) }} or {{ is_small_count(whole ~ " - " ~ part) }}, false)
{%- endmacro %}

{#- Whether a sum gives away none of the parts in it that are withheld. -#}
{% macro is_sum_safe(relation="") -%}
  ({{ relation }}withheld_count = 0
    or (
      {{ relation }}open_count >= 2
      and {{ relation }}distance > {{ relation }}least_distance
      and {{ relation }}distance < {{ relation }}most_distance
    ))
{%- endmacro %}
