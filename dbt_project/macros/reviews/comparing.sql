{#- What may be compared with what, by one definition for both reviews. -#}

{#- 1 for a half-year of which the figure is not known in full: not reported, or not by all, or by a log alone. -#}
{% macro is_partial_half_year(figures) -%}
  case
    when {{ figures }}.value is null or {{ figures }}.reporting_unit_count < {{ figures }}.expected_unit_count then 1
    else 0
  end
{%- endmacro %}

{#- Whether a figure says none because its programme had not begun: that is no result, and nothing is compared with it. -#}
{% macro is_before_programme(figures, programme_start) -%}
  coalesce({{ figures }}.value = 0 and {{ figures }}.period_code < {{ programme_start }}, false)
{%- endmacro %}

{#- Whether a figure takes part in a ranking: that of a unit, not 0, and such that more of it, or less, is better. -#}
{% macro is_ranked(figures, value) -%}
  coalesce(
    not {{ figures }}.is_area_total and {{ value }} <> 0 and {{ figures }}.better_is in ('higher', 'lower'), false
  )
{%- endmacro %}

{#- The place of what is ranked among what is ranked beside it, the best first. -#}
{% macro rank_among(group, figures, value) -%}
  cast(
    case
      when {{ figures }}.is_ranked then rank() over (
          partition by {{ group }}, {{ figures }}.is_ranked
          order by case when {{ figures }}.better_is = 'lower' then {{ value }} else -{{ value }} end
        )
    end as integer
  )
{%- endmacro %}

{#- Over the units that reported both times: of an area what they have together, of a unit what it has itself. The base is
    empty where a unit did not, and in the row of the area. -#}
{% macro like_for_like(aggregate, value) -%}
  {%- set alike = "case when compared.like_for_like_base is not null then " ~ value ~ " end" -%}
  {%- set group = "units.area_key, compared.period_code, compared.indicator_code" -%}
  case
      when compared.is_area_total then {{ aggregate }}({{ alike }}) over (partition by {{ group }})
      else {{ aggregate }}({{ alike }}) over (partition by {{ group }}, compared.unit_key)
    end
{%- endmacro %}
