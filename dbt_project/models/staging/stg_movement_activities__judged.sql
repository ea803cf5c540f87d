{{ config(materialized="table") }}

{{ judge_rows("movement_activities") }}
