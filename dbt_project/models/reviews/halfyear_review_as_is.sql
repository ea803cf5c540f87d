{{ config(**by_unit(
  {"indicator_values_as_is": "by_unit", "indicator_targets_as_is": none},
  unpartitioned=["dim_period", "dim_programme"],
  co_partitioned=("units", "area_key"),
)) }}

{{ review_half_years("indicator_values_as_is", "indicator_targets_as_is") }}
