{{ validate_rows("opening_balances") }}
