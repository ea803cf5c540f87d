{{ config(**by_unit(
  {"indicator_values": "by_unit", "indicator_targets": none},
  unpartitioned=["dim_period", "dim_programme"],
  co_partitioned=("units", "area_key"),
)) }}

{{ review_half_years("indicator_values", "indicator_targets") }}
