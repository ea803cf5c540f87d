{{ judge_rows("awards") }}
