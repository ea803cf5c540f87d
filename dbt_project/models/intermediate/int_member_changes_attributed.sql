{{ config(**by_unit({
  "int_submissions_ranked": "form_name = 'member_changes' and is_current",
  "int_rows_repeated": "form_name = 'member_changes'",
}, is_one_slice=true)) }}

{{ attribute_rows("member_changes", "form_rows.changed_on", is_by_unit=true) }}
