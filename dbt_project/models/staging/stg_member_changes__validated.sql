{{ validate_rows("member_changes") }}
