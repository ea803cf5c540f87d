{{ config(**by_unit(
  {"halfyear_review": "by_unit"},
  unpartitioned=["dim_period"],
  co_partitioned=("units", "area_key"),
)) }}

{{ review_years("halfyear_review") }}
