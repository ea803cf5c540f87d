{#- The cells of a form as they were typed, before anything is read of them: trimmed, marks that repeat the cell above filled
    in, and what looks like a letter and is another one made that letter.

    Hardly a sheet needs more than trimming. So each row is looked at once, as one text, and only submissions in which there
    is something to mend have it mended cell by cell. All of these steps are read a column at a time by what follows, and
    hold every row that came; none but the lists of submissions is kept in memory (`not materialized`). -#}
{% macro read_cells(fields, form_name) -%}
form_rows as not materialized (
  select form_rows.*
  from {{ source("raw", form_name) }} as form_rows
  inner join submissions using (submission_id)
),

submissions_to_mend as materialized (
  select submission_id
  from form_rows
  where
    regexp_matches(
      concat_ws(chr(10), {%- for field in fields %} "{{ field.name }}"{{ "," if not loop.last }}{% endfor %}),
      '[{{ look_alikes().typed }}]|{{ pattern_of_dittos() }}'
    )
  group by submission_id
),

mended_cells as not materialized (
  {{ typed_cells(fields, is_mended=true) }}
  semi join submissions_to_mend using (submission_id)
),

submissions_with_dittos as materialized (
  select submission_id
  from mended_cells
  where
    {%- for field in fields %}
    {{ is_ditto('"' ~ field.name ~ '__text"') }}{{ " or" if not loop.last }}
    {%- endfor %}
  group by submission_id
),

{#- The text and the type of the last cell above that is no mark; a mark with nothing above it says nothing. #}
repeated_cells as not materialized (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    money_scale,
    {%- for field in fields %}
    last_value(
      case
        when not {{ is_ditto('"' ~ field.name ~ '__text"') }}
          then { 'text': "{{ field.name }}__text", 'type': "{{ field.name }}__type" }
      end
      ignore nulls
    ) over above as "{{ field.name }}__above",
    {%- endfor %}
  from mended_cells
  semi join submissions_with_dittos using (submission_id)
  window above as (partition by submission_id, sheet_number, table_number order by row_number)
),

filled_cells as not materialized (
  {{ typed_cells(fields, is_mended=false) }}
  anti join submissions_to_mend using (submission_id)
  union all by name
  select mended_cells.*
  from mended_cells
  anti join submissions_with_dittos using (submission_id)
  union all by name
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    money_scale,
    {%- for field in fields %}
    "{{ field.name }}__above".text as "{{ field.name }}__text",
    "{{ field.name }}__above".type as "{{ field.name }}__type",
    {%- endfor %}
  from repeated_cells
),

cells as not materialized (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    money_scale,
    {%- for field in fields %}
    case when "{{ field.name }}__text" not in ('', '-', '–', '—') then "{{ field.name }}__text" end
      as "{{ field.name }}__text",
    "{{ field.name }}__type",
    {%- endfor %}
  from filled_cells
),

{% endmacro %}

{#- The text and the letter of the type of each cell of raw rows; mended, what looks alike is one letter. -#}
{% macro typed_cells(fields, is_mended) -%}
  select
    form_rows.submission_id,
    form_rows.sheet_number,
    form_rows.table_number,
    form_rows.row_number,
    coalesce(form_rows.money_scale, 1) as money_scale,
    {%- for field in fields %}
    {%- set text = 'form_rows."' ~ field.name ~ '"' %}
    trim({{ one_letter(text) if is_mended else text }}) as "{{ field.name }}__text",
    substr(form_rows.cell_types, {{ field.position }}, 1) as "{{ field.name }}__type",
    {%- endfor %}
  from form_rows
{%- endmacro %}
