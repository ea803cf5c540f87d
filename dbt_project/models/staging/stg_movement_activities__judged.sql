{{ judge_rows("movement_activities") }}
