{#- What is wrong with a cell and what to do about it, of a row of `stg_wrong_cells`: never what was typed. -#}
{% macro wrong_cell_in_vietnamese(cell) -%}
  coalesce('Cột “' || {{ cell }}.field_label_vi || '”: ', '') || {{ cell }}.reason_vi || '. ' || {{ cell }}.advice_vi
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
