{{ config(materialized="table") }}

{{ judge_rows("trainings") }}
