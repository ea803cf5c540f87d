{{ config(materialized="table") }}

{{ judge_rows("targets") }}
