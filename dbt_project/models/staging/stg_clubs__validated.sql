{{ validate_rows("clubs") }}
