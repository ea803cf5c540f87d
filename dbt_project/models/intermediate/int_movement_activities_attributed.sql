{{ attribute_rows("movement_activities", "form_rows.held_on") }}
