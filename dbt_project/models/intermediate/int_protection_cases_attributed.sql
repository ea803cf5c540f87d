{{ attribute_rows("protection_cases", "form_rows.reported_on") }}
