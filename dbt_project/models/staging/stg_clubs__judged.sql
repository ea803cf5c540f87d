{{ judge_rows("clubs") }}
