{{ config(materialized="table") }}

{{ judge_rows("awards") }}
