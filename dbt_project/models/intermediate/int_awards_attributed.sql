{{ attribute_rows("awards", "form_rows.awarded_on") }}
