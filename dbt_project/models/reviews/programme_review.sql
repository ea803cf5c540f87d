{{ config(post_hook="{{ create_programme_review_over() }}") }}

with seeded_windows as (
  select
    programme_code,
    window_start,
    window_end
  from {{ ref("dim_programme") }}
  where window_start is not null
),

{{ review_programmes("seeded_windows") }}
