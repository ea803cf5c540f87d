with parts as (
  select * from {{ ref("int_people_parts_published") }}
),

units as (
  select * from {{ ref("dim_unit") }}
),

periods as (
  select * from {{ ref("dim_period") }}
),

programmes as (
  select * from {{ ref("dim_programme") }}
),

final as (
  select
    parts.unit_key,
    parts.period_code,
    parts.programme_code,
    parts.people_kind,
    parts.part_kind,
    parts.is_area_total,
    units.unit_name,
    periods.label_vi as period_label_vi,
    coalesce(programmes.label_vi, 'Tất cả phong trào, đề án') as programme_label_vi,
    case parts.people_kind
      when 'trainees' then 'Lượt học viên, người dự lớp'
      when 'beneficiaries' then 'Lượt người được hỗ trợ'
      else 'Thành viên mô hình, CLB'
    end as people_kind_vi,
    case parts.part_kind when 'minority' then 'Dân tộc thiểu số' else 'Hộ nghèo' end as part_kind_vi,
    cast(parts.people as bigint) as people,
    cast(case when parts.is_publishable then parts.people_told end as bigint) as people_told,
    cast(case when parts.is_publishable then parts.part end as bigint) as part,
    case
      when parts.is_publishable
        then cast(parts.part as double) / nullif(cast(parts.people_told as double), 0)
    end as share,
    parts.part is not null and not parts.is_publishable as is_suppressed
  from parts
  inner join units using (unit_key)
  inner join periods using (period_code)
  left join programmes using (programme_code)
)

select * from final
