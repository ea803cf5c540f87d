{{ judge_rows("support_funds") }}
