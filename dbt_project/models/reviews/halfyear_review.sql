{{ config(**by_unit({"indicator_values": "by_unit", "indicator_targets": none}, whole=["dim_period"])) }}

{{ review_half_years("indicator_values", "indicator_targets") }}
