{{ judge_rows("member_changes") }}
