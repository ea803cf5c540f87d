{{ judge_rows("targets") }}
