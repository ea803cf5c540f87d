{%- set settings = by_unit(
  {"indicator_values_as_is": "by_unit", "indicator_targets_as_is": none},
  unpartitioned=["dim_period"],
  co_partitioned=("units", "area_key"),
  is_one_slice=true,
) -%}
{%- set over = "{{ create_programme_review_over("
  ~ "'programme_review_over_as_is', 'indicator_values_as_is', 'indicator_targets_as_is') }}" -%}
{%- do settings.update({"post_hook": [settings.post_hook, over]}) -%}
{{ config(**settings) }}

with seeded_windows as (
  select
    programme_code,
    window_start,
    window_end
  from {{ ref("dim_programme") }}
  where window_start is not null
),

{{ review_programmes(
  "seeded_windows", "indicator_values_as_is", "indicator_targets_as_is", of_stale_units("indicator_values.unit_key")
) }}
