{#- A number such as a citizen's: blanks and signs dropped; a spreadsheet that took it for a number robbed it of its
    leading zeros. -#}
{% macro digits_from_cell(text, cell_type) -%}
  case
    when {{ cell_type }} = 'n'
      then repeat('0', 12 - length(regexp_replace({{ text }}, '\.0+$', ''))) || regexp_replace({{ text }}, '\.0+$', '')
    else regexp_replace({{ text }}, '[^\pL\pN]', '', 'g')
  end
{%- endmacro %}

{#- Text as it stands; Thôn 10-3 typed as 10-3 comes back from a spreadsheet as 10 March of some year. -#}
{% macro words_from_cell(text, cell_type) -%}
  case
    when {{ cell_type }} = 'd' then coalesce(strftime(try_cast({{ text }} as date), '%-d-%-m'), {{ text }})
    else {{ text }}
  end
{%- endmacro %}

{#- Marks that repeat the cell above: nt, -nt-, ", '', như trên; as they are without the signs that stand around them. -#}
{% macro ditto_marks() -%}
  {{- return([
    '"', "”", "“", "„", "″", "〃", "''", "’’", "‘‘", "´´", ",,", '""', "//", "↓",
    "nt", "nttrên", "nttren", "nhưtrên", "nhutren", "nhưdòngtrên", "nhudongtren", "nhưởtrên", "giốngtrên", "giongtren",
    "tươngtự", "tuongtu",
  ]) -}}
{%- endmacro %}

{#- A mark that repeats the cell above it. -#}
{% macro is_ditto(text) -%}
  coalesce(
        length({{ text }}) <= 20
        and translate(lower({{ text }}), ' -–—._()', '') in (
          {%- for mark in ditto_marks() %}'{{ mark | replace("'", "''") }}'{{ ", " if not loop.last }}{% endfor -%}
        ),
        false
      )
{%- endmacro %}

{#- A pattern of lines that are such marks, signs among their letters included: what `is_ditto` finds, this finds too. -#}
{% macro pattern_of_dittos() -%}
  {%- set signs = "[ \\-–—._()]*" -%}
  {%- set marks = [] -%}
  {%- for mark in ditto_marks() -%}
    {%- do marks.append(mark | list | join(signs) | replace("'", "''")) -%}
  {%- endfor -%}
  (?im:^{{ signs }}(?:{{ marks | join("|") }}){{ signs }}$)
{%- endmacro %}

{#- The words of a text without marks and signs, a blank around each, so that words are found in it and never parts of
    words. -#}
{% macro spaced_words(text) -%}
  ' ' || trim(regexp_replace({{ unmarked(text) }}, '[^a-z0-9]+', ' ', 'g')) || ' '
{%- endmacro %}
