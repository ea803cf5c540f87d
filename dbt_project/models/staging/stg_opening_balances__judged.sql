{{ config(materialized="table") }}

{{ judge_rows("opening_balances") }}
