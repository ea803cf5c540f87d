{{ validate_rows("targets") }}
