{{ attribute_rows("member_changes", "form_rows.changed_on") }}
