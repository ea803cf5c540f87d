{%- set settings = by_unit(
  {"indicator_values": "by_unit", "indicator_targets": none},
  unpartitioned=["dim_period"],
  co_partitioned=("units", "area_key"),
  is_one_slice=true,
) -%}
{%- do settings.update({"post_hook": [settings.post_hook, "{{ create_programme_review_over() }}"]}) -%}
{{ config(**settings) }}

with seeded_windows as (
  select
    programme_code,
    window_start,
    window_end
  from {{ ref("dim_programme") }}
  where window_start is not null
),

{{ review_programmes("seeded_windows", condition=of_stale_units("indicator_values.unit_key")) }}
