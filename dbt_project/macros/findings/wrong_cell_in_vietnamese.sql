{#- What is wrong with a cell and what to do about it, of a row of `stg_wrong_cells` and its reason: never what was typed. -#}
{% macro wrong_cell_in_vietnamese(cell, reason) -%}
  coalesce('Cột “' || {{ cell }}.field_label_vi || '”: ', '') || {{ reason }}.label_vi || '. ' || {{ reason }}.advice_vi
        || coalesce(
          case
            when {{ cell }}.reason_code = 'below_minimum' then ' Nhỏ nhất là ' || {{ cell }}.harmless_hint || '.'
            when {{ cell }}.reason_code = 'above_maximum' then ' Lớn nhất là ' || {{ cell }}.harmless_hint || '.'
            when {{ cell }}.reason_code = 'ambiguous_date' then ' Có thể là ' || {{ cell }}.harmless_hint || '.'
            else ' Có phải là “' || {{ cell }}.harmless_hint || '” không?'
          end,
          ''
        )
{%- endmacro %}
