{{ config(materialized="table") }}

{{ judge_rows("clubs") }}
