{{ config(materialized="table") }}

{{ judge_rows("activity_log") }}
