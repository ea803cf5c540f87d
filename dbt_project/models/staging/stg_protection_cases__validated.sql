{{ validate_rows("protection_cases") }}
