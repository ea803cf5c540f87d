{{ validate_rows("awards") }}
