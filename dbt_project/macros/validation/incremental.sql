{#- Which rows are validated in a run. The rows of a submission are validated once and kept until that changes by which they
    are validated: the steps of validation, with contracts and macros in them, or the reference data that they look things
    up in. -#}

{#- Digest of that by which the rows of a form are validated. -#}
{% macro validation_digest(steps, contract) -%}
  {%- set lists = contract.fields | map(attribute="choice_list") | select | list -%}
  select
    md5(
      '{{ local_md5(steps) }}'
      || {{ digest_of("bounds") }}
      {%- if lists | reject("eq", "units") | list %}
      || {{ digest_of(ref("stg_choice_spellings")) }}
      {%- endif %}
      {%- if "units" in lists %}
      || {{ digest_of(ref("stg_unit_spellings")) }}
      {%- endif %}
    ) as fingerprint
{%- endmacro %}

{#- The rows of a small table as one text, whatever their order. -#}
{% macro digest_of(relation) -%}
  (
    select coalesce(md5(string_agg(cast(looked_up as varchar), '|' order by cast(looked_up as varchar))), '')
    from {{ relation }} as looked_up
  )
{%- endmacro %}

{#- The submissions whose rows are to be validated: all that are not, and those whose digest is
    another one now. -#}
{% macro submissions_to_validate() -%}
  select submission_id
  from {{ source("raw", "submissions") }}
  {%- if is_incremental() and "validated_by" in (adapter.get_columns_in_relation(this) | map(attribute="name")) %}
  where submission_id not in (
    select kept.submission_id
    from {{ this }} as kept
    inner join validation
      on kept.validated_by = validation.fingerprint
  )
  {%- endif %}
{%- endmacro %}

{#- The validated rows of a form that stand in submissions that count at the variable `as_of`; those received later and those
    withdrawn are kept beside them, so that neither a look at an earlier day nor taking back has any row
    validated again. -#}
{% macro known_rows(form_name) -%}
  select validated_rows.*
  from {{ ref("stg_" ~ form_name ~ "__validated") }} as validated_rows
  semi join {{ ref("stg_submissions") }} as counted_submissions using (submission_id)
{%- endmacro %}

{#- The known rows of a form that count. What is wrong with such a row costs its own cell and no more: that is empty, as if
    nothing had been typed; which fields cost their whole row says the contract. -#}
{% macro counted_rows(form_name) -%}
  select
    known.*
    {%- set spared = form_contract(form_name).fields | rejectattr("keeps_row_out") | list %}
    {%- if spared %}
    replace (
      {%- for field in spared %}
      {%- for name in typed_names(field) %}
      case when {{ is_good_cell(field) }} then known."{{ name }}"{% if field.type == "boolean" %} else false{% endif %} end
        as "{{ name }}"{{ "," if not (loop.last and field == spared[-1]) }}
      {%- endfor %}
      {%- endfor %}
    )
    {%- endif %}
  from ({{ known_rows(form_name) }}) as known
  where known.is_valid
{%- endmacro %}

{#- Whether nothing is wrong with the cell of a field. -#}
{% macro is_good_cell(field) -%}
  not coalesce(
        list_contains(list_transform(known.errors, lambda error: error.field_name), '{{ field.name }}'), false
      )
{%- endmacro %}
