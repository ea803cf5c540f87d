{{ validate_rows("support_funds") }}
