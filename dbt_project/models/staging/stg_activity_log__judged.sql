{{ judge_rows("activity_log") }}
