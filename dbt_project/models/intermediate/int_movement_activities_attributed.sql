{{ config(**by_unit({
  "int_submissions_ranked": "form_name = 'movement_activities' and is_current",
  "int_rows_repeated": "form_name = 'movement_activities'",
}, is_one_slice=true)) }}

{{ attribute_rows("movement_activities", "form_rows.held_on", is_by_unit=true) }}
