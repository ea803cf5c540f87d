{#- A keyed hash of what identifies a person: without the secret, which never leaves the working database, nobody can
    compute it from a name or a number. The secret stands on both sides, so that the hash cannot be extended. -#}
{% macro pseudonym(secret, identity) -%}
  {{ return(adapter.dispatch("pseudonym")(secret, identity)) }}
{%- endmacro %}

{% macro default__pseudonym(secret, identity) -%}
  sha256({{ secret }} || sha256({{ secret }} || '|' || {{ identity }}))
{%- endmacro %}

{% macro spark__pseudonym(secret, identity) -%}
  sha2({{ secret }} || sha2({{ secret }} || '|' || {{ identity }}, 256), 256)
{%- endmacro %}
