with programmes as (
  select * from {{ ref("programmes") }}
),

windows as (
  select
    programme_code,
    min(window_start) as window_start,
    case when count(window_end) = count(*) then max(window_end) end as window_end
  from {{ ref("programme_windows") }}
  group by programme_code
),

final as (
  select
    programmes.programme_code,
    programmes.label_vi,
    windows.window_start,
    windows.window_end
  from programmes
  left join windows using (programme_code)
)

select * from final
