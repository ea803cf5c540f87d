{{ validate_rows("movement_activities") }}
