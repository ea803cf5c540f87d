{#- Dates as people type them, always day first. A year of two digits belongs to this century up to `pivot` and to the
    last one after it. What is no day of the calendar gives null. -#}
{% macro day_from_text(text, pivot) -%}
  {%- set typed = unmarked("trim(" ~ text ~ ")") -%}
  {%- set clock = "(?:[ t]+\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?)?(?:z|[+-]\\d{2}:?\\d{2})?" -%}
  {%- set day_first = "^(?:ngay\\s*)?(\\d{1,2})\\s*[-/.]\\s*(\\d{1,2})\\s*[-/.]\\s*(\\d{4})" ~ clock ~ "$" -%}
  {%- set day_first_short = "^(?:ngay\\s*)?(\\d{1,2})\\s*[-/.]\\s*(\\d{1,2})\\s*[-/.]\\s*(\\d{2})$" -%}
  {%- set year_first = "^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})" ~ clock ~ "$" -%}
  {%- set in_words = "^(?:ngay\\s*)?(\\d{1,2})\\s*thang\\s*(\\d{1,2})\\s*,?\\s*(?:nam)?\\s*(\\d{4})$" -%}
  try_cast(
    case
      when regexp_matches({{ typed }}, '{{ day_first }}')
        then regexp_replace({{ typed }}, '{{ day_first }}', '\3-\2-\1')
      when regexp_matches({{ typed }}, '{{ day_first_short }}')
        then
          case
            when regexp_extract({{ typed }}, '{{ day_first_short }}', 3)::integer <= {{ pivot }} then '20' else '19'
          end
          || regexp_replace({{ typed }}, '{{ day_first_short }}', '\3-\2-\1')
      when regexp_matches({{ typed }}, '{{ year_first }}')
        then regexp_replace({{ typed }}, '{{ year_first }}', '\1-\2-\3')
      when regexp_matches({{ typed }}, '{{ in_words }}')
        then regexp_replace({{ typed }}, '{{ in_words }}', '\3-\2-\1')
    end
    as date
  )
{%- endmacro %}

{#- A date cell. A number is a serial of the 1900 date system, unless it reads as a year: nobody means 5 July 1905. -#}
{% macro day_from_cell(text, cell_type, pivot) -%}
  case
    when {{ cell_type }} = 'd' then try_cast(left({{ text }}, 10) as date)
    when {{ cell_type }} = 'n'
      then
        case
          when try_cast({{ text }} as double) between 1 and 80000
            and try_cast({{ text }} as double) not between 1900 and 2100
            then date '1899-12-30' + try_cast(floor(try_cast({{ text }} as double)) as integer)
        end
    else {{ day_from_text(text, pivot) }}
  end
{%- endmacro %}

{#- A year alone, as text or number, with or without the word. -#}
{% macro year_from_cell(text) -%}
  try_cast(
    regexp_extract({{ unmarked("trim(" ~ text ~ ")") }}, '^(?:(?:sinh\s*)?nam\s*)?((?:19|20)\d{2})(?:\.0+)?$', 1)
    as integer
  )
{%- endmacro %}

{#- An instant; without an offset it is Vietnam's clock. -#}
{% macro instant_from_cell(text, cell_type, pivot) -%}
  case
    when regexp_matches({{ text }}, '^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}(:?\d{2})?)$')
      then try_cast({{ text }} as timestamptz)
    when regexp_matches({{ text }}, '^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}')
      then try_cast({{ text }} as timestamp) at time zone 'Asia/Ho_Chi_Minh'
    else
      (
        {{ day_from_cell(text, cell_type, pivot) }}
        + coalesce(try_cast(regexp_extract({{ text }}, '[ T](\d{1,2}:\d{2}(:\d{2})?)$', 1) as time), time '00:00')
      ) at time zone 'Asia/Ho_Chi_Minh'
  end
{%- endmacro %}
