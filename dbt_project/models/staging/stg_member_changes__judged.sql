{{ config(materialized="table") }}

{{ judge_rows("member_changes") }}
