with target_lines as (
  select * from {{ ref("int_target_lines") }}
),

indicators as (
  select * from {{ ref("indicators") }}
),

final as (
  select
    'target_given_twice' as finding_kind,
    earlier.unit_key,
    earlier.period_code,
    earlier.submission_id,
    earlier.sheet_number,
    earlier.row_number,
    'targets' as form_name,
    'target' as field_name,
    cast(earlier.target as decimal(20, 3)) as figure_reported,
    cast(counted.target as decimal(20, 3)) as figure_computed,
    'Chỉ tiêu “' || indicators.label_vi || '” của cùng đơn vị, cùng kỳ được ghi hai lần trong tệp: dòng này ghi '
    || {{ figure_in_vietnamese("earlier.target") }} || ', dòng ' || cast(counted.row_number as string) || ' ghi '
    || {{ figure_in_vietnamese("counted.target") }} || '. Chỉ dòng ' || cast(counted.row_number as string)
    || ' được tổng hợp.'
      as message_vi
  from target_lines as earlier
  inner join target_lines as counted
    on earlier.unit_key = counted.unit_key
    and earlier.period_code = counted.period_code
    and earlier.indicator_code = counted.indicator_code
    and counted.line_from_last = 1
  inner join indicators
    on earlier.indicator_code = indicators.indicator_code
  where earlier.line_from_last > 1
)

select * from final
