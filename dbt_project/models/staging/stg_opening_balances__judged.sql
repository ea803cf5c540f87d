{{ judge_rows("opening_balances") }}
