{#- Dates as people type them, always day first. A year of two digits belongs to this century up to `pivot` and to the
    last one after it. What is no day of the calendar gives null. -#}
{% macro day_from_text(text, pivot) -%}
  {%- set typed = plain_typing(text) -%}
  {%- set sign = "\\s*[-/.,_\\\\]+\\s*" -%}
  {%- set word = "[\\s,/-]*(?:thang|thg|th)\\.?\\s*(\\d{1,2})[\\s,/-]*(?:nam)?\\s*" -%}
  {%- set month = "[\\s/.-]*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\\s,/.-]*" -%}
  {%- set clock = "\\d{1,2}(?::\\d{2}(?::\\d{2}(?:\\.\\d+)?)?|[hg]\\d{0,2})\\s*(?:am|pm|sa|ch)?" -%}
  {%- set weekdays = "(?:thu\\s*(?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn)" -%}
  {%- set weekday = "(?:" ~ weekdays ~ "[\\s,]+)?" -%}
  {%- set start = "^" ~ weekday ~ "(?:" ~ clock ~ "[\\s,]+)?(?:ngay\\s*)?" -%}
  {%- set end = "(?:[\\s,t]+" ~ clock ~ ")?(?:z|\\s*[+-]\\d{2}:?\\d{2})?(?:\\s*\\(" ~ weekdays ~ "\\))?\\s*[.,;]*$" -%}
  {%- set day_first = start ~ "(\\d{1,2})" ~ sign ~ "(\\d{1,2})" ~ sign ~ "(\\d{4})" ~ end -%}
  {%- set day_first_short = start ~ "(\\d{1,2})" ~ sign ~ "(\\d{1,2})" ~ sign ~ "(\\d{2})" ~ end -%}
  {%- set year_first = start ~ "(\\d{4})" ~ sign ~ "(\\d{1,2})" ~ sign ~ "(\\d{1,2})" ~ end -%}
  {%- set in_words = start ~ "(\\d{1,2})" ~ word ~ "(\\d{4})" ~ end -%}
  {%- set in_words_short = start ~ "(\\d{1,2})" ~ word ~ "(\\d{2})" ~ end -%}
  {%- set with_blanks = "^(\\d{1,2})\\s+(\\d{1,2})\\s+(\\d{4})$" -%}
  {%- set digits_year_first = "^((?:19|20)\\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])$" -%}
  {%- set digits_day_first = "^(0[1-9]|[12]\\d|3[01])(0[1-9]|1[0-2])((?:19|20)\\d{2})$" -%}
  {%- set with_month = "^(\\d{1,2})" ~ month ~ "(\\d{4}|\\d{2})" ~ end -%}
  {%- set plain = "(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4})" -%}
  try_cast(
    case
      when regexp_full_match({{ text }}, '{{ plain }}') then regexp_replace({{ text }}, '{{ plain }}', '\3-\2-\1')
      when regexp_full_match({{ text }}, '\d{4}-\d{2}-\d{2}') then {{ text }}
      when regexp_matches({{ typed }}, '{{ day_first }}')
        then regexp_replace({{ typed }}, '{{ day_first }}', '\3-\2-\1')
      when regexp_matches({{ typed }}, '{{ year_first }}')
        then regexp_replace({{ typed }}, '{{ year_first }}', '\1-\2-\3')
      when regexp_matches({{ typed }}, '{{ day_first_short }}')
        then {{ century(typed, day_first_short, pivot) }} || regexp_replace({{ typed }}, '{{ day_first_short }}', '\3-\2-\1')
      when regexp_matches({{ typed }}, '{{ in_words }}')
        then regexp_replace({{ typed }}, '{{ in_words }}', '\3-\2-\1')
      when regexp_matches({{ typed }}, '{{ in_words_short }}')
        then {{ century(typed, in_words_short, pivot) }} || regexp_replace({{ typed }}, '{{ in_words_short }}', '\3-\2-\1')
      when regexp_matches({{ typed }}, '{{ with_blanks }}')
        then regexp_replace({{ typed }}, '{{ with_blanks }}', '\3-\2-\1')
      when regexp_matches({{ typed }}, '{{ digits_year_first }}')
        then regexp_replace({{ typed }}, '{{ digits_year_first }}', '\1-\2-\3')
      when regexp_matches({{ typed }}, '{{ digits_day_first }}')
        then regexp_replace({{ typed }}, '{{ digits_day_first }}', '\3-\2-\1')
      when regexp_matches({{ typed }}, '{{ with_month }}')
        then
          {{ century(typed, with_month, pivot) }}
          || regexp_replace({{ typed }}, '{{ with_month }}', '\3-')
          || ((strpos('janfebmaraprmayjunjulaugsepoctnovdec', regexp_extract({{ typed }}, '{{ with_month }}', 2)) + 2) // 3)
          || regexp_replace({{ typed }}, '{{ with_month }}', '-\1')
    end
    as date
  )
{%- endmacro %}

{#- The first two digits of a year of which two are typed, the third group of a pattern; nothing before four digits. -#}
{% macro century(typed, pattern, pivot) -%}
  case
    when length(regexp_extract({{ typed }}, '{{ pattern }}', 3)) = 4 then ''
    when try_cast(regexp_extract({{ typed }}, '{{ pattern }}', 3) as integer) <= {{ pivot }} then '20'
    else '19'
  end
{%- endmacro %}

{#- A date cell. A number, or five digits alone, is a serial of the 1900 date system, unless it reads as a year: nobody
    means 5 July 1905. Eight digits are a day without its signs, be they a number or text. -#}
{% macro day_from_cell(text, cell_type, pivot) -%}
  case
    when {{ cell_type }} = 'd' then try_cast(left({{ text }}, 10) as date)
    when {{ cell_type }} = 'n' and not regexp_full_match({{ text }}, '\d{8}(\.0+)?')
      then
        case
          when try_cast({{ text }} as double) between 1 and 80000
            and try_cast({{ text }} as double) not between 1900 and 2100
            then date '1899-12-30' + try_cast(floor(try_cast({{ text }} as double)) as integer)
        end
    when regexp_full_match({{ text }}, '[1-7]\d{4}') then date '1899-12-30' + try_cast({{ text }} as integer)
    else {{ day_from_text(text, pivot) }}
  end
{%- endmacro %}

{#- A year alone, as text or number, with or without the word; also after the blanks of a form that asks for the day, or
    after a month, as in 00/00/1985, ../../1985 and 05/1985. -#}
{% macro year_from_cell(text) -%}
  try_cast(
    regexp_extract(
      {{ plain_typing(text) }},
      '^(?:(?:sinh\s*)?nam\s*|0{0,2}[.…_-]*/0{0,2}[.…_-]*/|[.…_-]*/|(?:thang\s*)?(?:0?[1-9]|1[0-2])\s*[/.-]\s*)?'
      || '((?:19|20)\d{2})(?:\.0+)?\.?$',
      1
    )
    as integer
  )
{%- endmacro %}

{#- The year that was typed into a cell formatted as a date: 1985 shows 07/06/1905 there, which is nobody's birth. -#}
{% macro year_shown_as_day(day) -%}
  case
    when {{ day }} between date '1899-12-30' + 1900 and date '1899-12-30' + 2100
      then date_diff('day', date '1899-12-30', {{ day }})
  end
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
