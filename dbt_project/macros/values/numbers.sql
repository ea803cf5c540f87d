{#- Words that may follow a number without being its unit of measure. -#}
{% macro words_of_counts() -%}
  {{- return([
    "nguoi", "luot nguoi", "luot", "hoc vien", "thanh vien", "hoi vien", "chi em", "chi", "em", "phu nu", "chau", "nu",
    "ho", "lop", "buoi", "dot", "cai", "chiec", "tui", "gio", "bo", "phan", "phan viec", "suat", "cong trinh",
  ]) -}}
{%- endmacro %}

{% macro words_of_money() -%}
  {{- return(["dong", "vnd", "d", "viet nam dong"]) -}}
{%- endmacro %}

{#- The words that may follow a number of a field; without a field, those of any number. -#}
{% macro words_after_number(field=none) -%}
  {%- if field is none -%}
    {{- return(words_of_money() + words_of_counts() + ["kg", "kilogam", "km", "cay"]) -}}
  {%- elif field.is_money -%}
    {{- return(words_of_money()) -}}
  {%- endif -%}
  {{- return(field.unit_words + words_of_counts()) -}}
{%- endmacro %}

{#- Nothing but digits: most numbers that are typed are, and need no taking apart. -#}
{% macro plain_digits() -%}\d{1,14}{%- endmacro %}

{#- A number typed as text, taken apart once: sign, digits with separators, and the word for what is counted; or scale
    words with what follows each (`1 tỷ 200 triệu 500 nghìn`, `98tr5`, `3 triệu rưỡi`) and then the word. That word is
    looked for first, so that 5 km are no thousands of m. Parentheses are a minus sign, as in bookkeeping. -#}
{% macro number_parts(text, cell_type, field=none) -%}
  {%- set scales = "nghin|ngan|k|trieu|trd|tr|ty|ti" -%}
  {%- set units = words_after_number(field) | join("|") -%}
  case
    when {{ cell_type }} <> 'n' and not regexp_full_match({{ text }}, '{{ plain_digits() }}')
      then regexp_extract(
        {{ currency_behind(plain_typing(text)) if field is not none and field.is_money else plain_typing(text) }},
        '^([+(-]?)\s*(\d[\d., ]*?)\s*(?:({{ units }})|({{ scales }})\s*(?:(ruoi|\d[\d.]*)\s*({{ scales }})?\s*(?:(\d+)\s*({{ scales }})?)?)?\s*({{ units }})?)?\s*(ruoi)?\s*[.]?\s*\)?$',
        ['sign', 'digits', 'unit', 'scale', 'rest', 'rest_scale', 'last_rest', 'last_scale', 'scaled_unit', 'half']
      )
  end
{%- endmacro %}

{#- An amount as programs of other countries write it, VND 1,000,000, with the currency where it stands here. -#}
{% macro currency_behind(text) -%}
  regexp_replace({{ text }}, '^(?:{{ words_of_money() | join("|") }})\s*([(+-]?\d.*)$', '\1 dong')
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

{#- What follows a scale word: half of it, an amount with a scale of its own, plain đồng with separators, or digits after
    its comma. -#}
{% macro amount_after_scale(rest, rest_scale, scale) -%}
  case
    when {{ rest }} = '' then 0
    when {{ rest }} = 'ruoi' then 0.5 * {{ scale_factor(scale) }}
    when {{ rest_scale }} <> '' then {{ decimal_from_digits(rest) }} * {{ scale_factor(rest_scale) }}
    when contains({{ rest }}, '.') then {{ decimal_from_digits(rest) }}
    else try_cast('0.' || {{ rest }} as decimal(9, 6)) * {{ scale_factor(scale) }}
  end
{%- endmacro %}

{#- A number cell as decimal(20, 3). A true number is taken as it is; `1 tỷ 2` is 1.2 tỷ. The sheet's money scale is
    applied unless the cell names its own. What has more than fourteen digits before the comma is no figure of a branch
    and gives null, so that no sum of figures can overflow. -#}
{% macro number_from_cell(text, cell_type, parts, money_scale=none) -%}
  cast(try_cast(
    case
      when {{ cell_type }} = 'n' or regexp_full_match({{ text }}, '{{ plain_digits() }}')
        then try_cast({{ text }} as decimal(21, 6))
      else
        case when {{ parts }}.sign in ('-', '(') then -1 else 1 end
        * (
          {{ decimal_from_digits(parts ~ ".digits") }} * {{ scale_factor(parts ~ ".scale") }}
          + {{ amount_after_scale(parts ~ ".rest", parts ~ ".rest_scale", parts ~ ".scale") }}
          + {{ amount_after_scale(parts ~ ".last_rest", parts ~ ".last_scale", parts ~ ".rest_scale") }}
          + case when {{ parts }}.half = '' then 0 else 0.5 end
        )
    end
    {%- if money_scale is not none %}
    * cast(
      case
        when {{ parts }}.scale <> '' or {{ parts }}.unit <> '' then 1
        else coalesce({{ money_scale }}, 1)
      end
      as decimal(10, 0)
    )
    {%- endif %}
    as decimal(17, 3)
  ) as decimal(20, 3))
{%- endmacro %}

{#- The unit of measure that a cell of a measured field names itself; millions and milliards of nothing are đồng. -#}
{% macro unit_from_cell(parts, field) -%}
  case
    when {{ parts }}.unit in ('{{ field.unit_words | join("', '") }}') then {{ parts }}.unit
    when {{ parts }}.scaled_unit in ('{{ field.unit_words | join("', '") }}') then {{ parts }}.scaled_unit
    when {{ parts }}.scale not in ('', 'k', 'nghin', 'ngan') and {{ parts }}.scaled_unit = '' then 'dong'
  end
{%- endmacro %}
