{{ attribute_rows("support_funds", "form_rows.supported_on") }}
