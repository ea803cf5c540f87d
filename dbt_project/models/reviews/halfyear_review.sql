{{ config(**by_unit(
  {"indicator_values": "by_unit", "indicator_targets": none}, whole=["dim_period"], together=("units", "area_key")
)) }}

{{ review_half_years("indicator_values", "indicator_targets") }}
