{{ validate_rows("activity_log") }}
