{#- The form under which spellings are compared: NFC, lower case, no marks (đ as d), nothing but a-z and 0-9.
    The reader of files folds in the same way. -#}
{% macro fold(text) -%}
  regexp_replace(replace(strip_accents(lower(nfc_normalize({{ text }}))), 'đ', 'd'), '[^a-z0-9]', '', 'g')
{%- endmacro %}

{#- The same without dropping anything but marks: for patterns in which spaces and signs have a meaning. -#}
{% macro unmarked(text) -%}
  replace(strip_accents(lower(nfc_normalize({{ text }}))), 'đ', 'd')
{%- endmacro %}

{#- Unmarked, and typed on one keyboard: blanks of any width, dashes of any length, full-width digits and the sign of the
    đồng become the plain ones. Most values are plain as they are, which their length in bytes tells at once. -#}
{% macro plain_typing(text) -%}
  case
    when strlen({{ text }}) = length({{ text }}) then lower(trim({{ text }}))
    else
      trim(translate(
        {{ unmarked(text) }},
        chr(160) || chr(8195) || chr(8199) || chr(8201) || chr(8202) || chr(8239) || chr(12288)
        || '‐‑‒–—−０１２３４５６７８９．，／－：（）＋₫',
        '       ------0123456789.,/-:()+d'
      ))
  end
{%- endmacro %}
