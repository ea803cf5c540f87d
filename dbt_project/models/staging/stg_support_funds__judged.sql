{{ config(materialized="table") }}

{{ judge_rows("support_funds") }}
