{{ judge_rows("protection_cases") }}
