{{ config(**by_unit(
  {"halfyear_review_as_is": "by_unit"},
  unpartitioned=["dim_period"],
  co_partitioned=("units", "area_key"),
)) }}

{{ review_years("halfyear_review_as_is") }}
