{{ attribute_rows("trainings", "form_rows.starts_on") }}
