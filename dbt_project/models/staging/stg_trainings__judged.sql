{{ judge_rows("trainings") }}
