{#- The form under which spellings are compared: NFC, lower case, no marks (đ as d), nothing but a-z and 0-9.
    The reader of files folds in the same way. -#}
{% macro fold(text) -%}
  regexp_replace(replace(strip_accents(lower(nfc_normalize({{ text }}))), 'đ', 'd'), '[^a-z0-9]', '', 'g')
{%- endmacro %}

{#- The same without dropping anything but marks: for patterns in which spaces and signs have a meaning. -#}
{% macro unmarked(text) -%}
  replace(strip_accents(lower(nfc_normalize({{ text }}))), 'đ', 'd')
{%- endmacro %}
