{#- The form under which spellings are compared: NFC, lower case, no marks (đ as d), what looks alike one letter, nothing
    but a-z and 0-9. The reader of files folds in the same way. -#}
{% macro fold(text) -%}
  {{ return(adapter.dispatch("fold")(text)) }}
{%- endmacro %}

{% macro default__fold(text) -%}
  regexp_replace({{ unmarked(text) }}, '[^a-z0-9]', '', 'g')
{%- endmacro %}

{#- Spark cannot take letters apart: every letter that has a mark is named. Marks that stand alone drop out as signs do. -#}
{% macro spark__fold(text) -%}
  {%- set alike = look_alikes() -%}
  {%- set plain = namespace(
    marked="đ" ~ alike.typed[:alike.plain | length], letters="d" ~ (alike.plain | lower | replace("đ", "d"))
  ) -%}
  {%- for letter, marked in [
    ("a", "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ"),
    ("b", "ḃḅḇ"),
    ("c", "çćĉċčḉ"),
    ("d", "ďḋḍḏḑḓ"),
    ("e", "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"),
    ("f", "ḟ"),
    ("g", "ĝğġģǧǵḡ"),
    ("h", "ĥȟḣḥḧḩḫẖ"),
    ("i", "ìíîïĩīĭįǐȉȋḭḯỉị"),
    ("j", "ĵǰ"),
    ("k", "ķǩḱḳḵ"),
    ("l", "ĺļľḷḹḻḽ"),
    ("m", "ḿṁṃ"),
    ("n", "ñńņňǹṅṇṉṋ"),
    ("o", "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"),
    ("p", "ṕṗ"),
    ("r", "ŕŗřȑȓṙṛṝṟ"),
    ("s", "śŝşšșṡṣṥṧṩ"),
    ("t", "ţťțṫṭṯṱẗ"),
    ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"),
    ("v", "ṽṿ"),
    ("w", "ŵẁẃẅẇẉẘ"),
    ("x", "ẋẍ"),
    ("y", "ýÿŷȳẏẙỳỵỷỹ"),
    ("z", "źżžẑẓẕ"),
  ] -%}
    {%- set plain.marked = plain.marked ~ marked -%}
    {%- set plain.letters = plain.letters ~ letter * (marked | length) -%}
  {%- endfor -%}
  regexp_replace(translate(lower({{ text }}), '{{ plain.marked }}', '{{ plain.letters }}'), '[^a-z0-9]', '')
{%- endmacro %}

{#- The same without dropping anything but marks: for patterns in which spaces and signs have a meaning. -#}
{% macro unmarked(text) -%}
  replace({{ one_letter("strip_accents(lower(nfc_normalize(" ~ text ~ ")))") }}, 'đ', 'd')
{%- endmacro %}

{#- What looks alike made one letter, and what cannot be seen taken away; most texts hold nothing of the kind. -#}
{% macro one_letter(text) -%}
  {%- set alike = look_alikes() -%}
  case
    when regexp_matches({{ text }}, '[{{ alike.typed }}]')
      then translate({{ text }}, '{{ alike.typed }}', '{{ alike.plain }}')
    else {{ text }}
  end
{%- endmacro %}

{#- Unmarked, and typed on one keyboard: dashes of any length and the sign of the đồng become the plain ones. Most values
    are plain as they are, which their length in bytes tells at once. A letter with a stroke through it (from Zalo, or a
    generator of struck-out text) is no part of a value. -#}
{% macro plain_typing(text) -%}
  case
    when strlen({{ text }}) = length({{ text }}) then lower(trim({{ text }}))
    else trim(translate(
      {{ unmarked("regexp_replace(" ~ text ~ ", '.[\\x{0335}-\\x{0338}]', '', 'g')") }}, '‐‑‒–—−₫', '------d'
    ))
  end
{%- endmacro %}
