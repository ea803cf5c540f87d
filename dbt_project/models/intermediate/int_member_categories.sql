with ethnic_groups as (
  select * from {{ ref("ethnic_groups") }}
),

religions as (
  select * from {{ ref("religions") }}
),

other_categories as (
  select * from {{ ref("member_categories") }}
),

dimensions as (
  select * from {{ ref("member_dimensions") }}
),

categories as (
  select
    'ethnic_group' as dimension,
    ethnic_group_code as category_code,
    label_vi,
    cast(ethnic_group_code as integer) as sort_order
  from ethnic_groups
  union all
  select
    'religion' as dimension,
    religion_code as category_code,
    label_vi,
    cast(religion_code as integer) as sort_order
  from religions
  union all
  select
    dimension,
    category_code,
    label_vi,
    sort_order
  from other_categories
),

final as (
  select
    categories.dimension,
    dimensions.label_vi as dimension_label_vi,
    dimensions.sort_order as dimension_sort_order,
    categories.category_code,
    categories.label_vi,
    categories.sort_order
  from categories
  inner join dimensions using (dimension)
)

select * from final
