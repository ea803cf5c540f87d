{#- A number typed as text, taken apart once: sign, digits with separators, scale word, what follows it, unit word. -#}
{% macro number_parts(text, cell_type) -%}
  {%- set scales = "nghin|ngan|k|trieu|trd|tr|ty|ti" -%}
  {%- set units = "dong|vnd|d|kg|kilogam|km|cay|ho|cai|chiec|tui|gio|bo|phan|suat|nguoi|luot nguoi|luot|hoc vien"
    ~ "|thanh vien|hoi vien|chi|em|lop|buoi|dot|cong trinh|phan viec" -%}
  case
    when {{ cell_type }} <> 'n'
      then regexp_extract(
        replace({{ unmarked("trim(" ~ text ~ ")") }}, chr(160), ' '),
        '^([+-]?)\s*(\d[\d., ]*?)\s*(?:({{ scales }})\s*(?:(\d+)\s*({{ scales }})?)?)?\s*({{ units }})?\.?$',
        ['sign', 'digits', 'scale', 'rest', 'rest_scale', 'unit']
      )
  end
{%- endmacro %}

{#- Digits with separators as a decimal. A dot before exactly three digits separates thousands, a comma is the decimal
    sign unless several commas, or a dot after it, say otherwise. -#}
{% macro decimal_from_digits(digits) -%}
  try_cast(
    case
      when regexp_full_match({{ digits }}, '[1-9]\d{0,2}(\.\d{3})+(,\d+)?')
        then replace(replace({{ digits }}, '.', ''), ',', '.')
      when regexp_full_match({{ digits }}, '[1-9]\d{0,2}( \d{3})+([.,]\d+)?')
        then replace(replace({{ digits }}, ' ', ''), ',', '.')
      when regexp_full_match({{ digits }}, '[1-9]\d{0,2}(,\d{3})+\.\d+|[1-9]\d{0,2}(,\d{3}){2,}')
        then replace({{ digits }}, ',', '')
      when regexp_full_match({{ digits }}, '\d+([.,]\d+)?')
        then replace({{ digits }}, ',', '.')
    end
    as decimal(21, 6)
  )
{%- endmacro %}

{% macro scale_factor(scale) -%}
  cast(
    case
      when {{ scale }} in ('nghin', 'ngan', 'k') then 1000
      when {{ scale }} in ('trieu', 'trd', 'tr') then 1000000
      when {{ scale }} in ('ty', 'ti') then 1000000000
      else 1
    end
    as decimal(10, 0)
  )
{%- endmacro %}

{#- A number cell as decimal(20, 3). A true number is taken as it is; `1 tỷ 2` is 1.2 tỷ. The sheet's money scale is
    applied unless the cell names its own. What has more than fourteen digits before the comma is no figure of a branch
    and gives null, so that no sum of figures can overflow. -#}
{% macro number_from_cell(text, cell_type, parts, money_scale=none) -%}
  cast(try_cast(
    case
      when {{ cell_type }} = 'n' then try_cast({{ text }} as decimal(21, 6))
      else
        case when {{ parts }}.sign = '-' then -1 else 1 end
        * (
          {{ decimal_from_digits(parts ~ ".digits") }} * {{ scale_factor(parts ~ ".scale") }}
          + case
              when {{ parts }}.rest = '' then 0
              when {{ parts }}.rest_scale <> ''
                then try_cast({{ parts }}.rest as decimal(9, 0)) * {{ scale_factor(parts ~ ".rest_scale") }}
              else try_cast('0.' || {{ parts }}.rest as decimal(9, 6)) * {{ scale_factor(parts ~ ".scale") }}
            end
        )
    end
    {%- if money_scale is not none %}
    * cast(
      case
        when {{ parts }}.scale <> '' or {{ parts }}.unit in ('dong', 'vnd', 'd') then 1
        else coalesce({{ money_scale }}, 1)
      end
      as decimal(10, 0)
    )
    {%- endif %}
    as decimal(17, 3)
  ) as decimal(20, 3))
{%- endmacro %}
