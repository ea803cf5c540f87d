{{ config(materialized="table") }}

{{ judge_rows("protection_cases") }}
