with seeded_windows as (
  select
    programme_code,
    window_start,
    window_end
  from {{ ref("dim_programme") }}
  where window_start is not null
),

{{ review_programmes("seeded_windows", "indicator_values_as_is", "indicator_targets_as_is") }}
