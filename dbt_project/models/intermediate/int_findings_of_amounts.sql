with money_cells as (
  select
    submission_id,
    sheet_number,
    table_number,
    row_number,
    form_name,
    field_name,
    column_letter,
    typed,
    has_doubtful_comma,
    names_its_unit,
    is_implausible,
    amount_vnd,
    header_first_row,
    money_unit_unclear,
    coalesce(money_scale, 1) as money_scale,
    case coalesce(money_scale, 1)
      when 1 then 'đồng'
      when 1000 then 'nghìn đồng'
      when 1000000 then 'triệu đồng'
      when 1000000000 then 'tỷ đồng'
      else {{ figure_in_vietnamese("money_scale") }} || ' đồng'
    end as money_unit_vi
  from {{ ref("stg_money_cells") }}
),

submissions as (
  select * from {{ ref("stg_submissions") }}
),

rules as (
  select * from {{ ref("finding_rules") }}
),

tables_with_unclear_unit as (
  select
    submission_id,
    sheet_number,
    form_name,
    field_name,
    column_letter,
    header_first_row,
    money_unit_unclear,
    money_unit_vi
  from money_cells
  where money_unit_unclear is not null
  group by
    submission_id, sheet_number, table_number, form_name, field_name, column_letter, header_first_row,
    money_unit_unclear, money_unit_vi
),

unclear_units as (
  select
    'money_unit_unclear' as finding_kind,
    submission_id,
    sheet_number,
    header_first_row as row_number,
    form_name,
    field_name,
    cast(null as decimal(20, 3)) as figure_reported,
    'Không rõ đơn vị tính của số tiền: ' || money_unit_unclear || '. Số tiền ở cột ' || column_letter
    || ' đã được đọc là ' || money_unit_vi || '.' as message_vi
  from tables_with_unclear_unit
),

out_of_bounds as (
  select
    rules.finding_kind,
    money_cells.*
  from money_cells
  inner join rules
    on (
      rules.finding_kind = 'amount_with_doubtful_comma'
      and money_cells.has_doubtful_comma
      and money_cells.amount_vnd * 1000 <= rules.threshold
    )
    or (
      rules.finding_kind = 'amount_too_large'
      and not money_cells.is_implausible
      and money_cells.amount_vnd > rules.threshold
    )
    or (
      rules.finding_kind = 'amount_too_small'
      and not money_cells.has_doubtful_comma
      and money_cells.amount_vnd > 0
      and money_cells.amount_vnd < rules.threshold
    )
),

-- How the same figure would read in another unit of measure (đồng for too much, triệu đồng for too little), or
-- with its comma between thousands.
read_twice as (
  select
    *,
    case when column_letter = '' then 'Dòng ' || row_number else 'Ô ' || column_letter || row_number end
    || ' ghi “' || typed || '”, đã được đọc là ' || {{ figure_in_vietnamese("amount_vnd") }} || ' đồng'
    || case when money_scale > 1 and not names_its_unit then ' (ĐVT của biểu: ' || money_unit_vi || ')' else '' end
      as read_vi,
    case
      when names_its_unit then null
      when finding_kind = 'amount_too_large' and money_scale > 1 then cast(amount_vnd / money_scale as decimal(20, 3))
      when finding_kind = 'amount_too_small' and money_scale < 1000000
        then cast(amount_vnd / money_scale * 1000000 as decimal(20, 3))
      when finding_kind = 'amount_with_doubtful_comma' then cast(amount_vnd * 1000 as decimal(20, 3))
    end as other_amount_vnd,
    case finding_kind
      when 'amount_too_large' then 'ghi bằng đồng'
      when 'amount_too_small' then 'ghi bằng triệu đồng'
      else 'dấu phẩy ngăn hàng nghìn'
    end as otherwise_vi
  from out_of_bounds
),

improbable_amounts as (
  select
    finding_kind,
    submission_id,
    sheet_number,
    row_number,
    form_name,
    field_name,
    amount_vnd as figure_reported,
    read_vi || case
      when other_amount_vnd is null then ''
      else '; nếu ' || otherwise_vi || ' thì là ' || {{ figure_in_vietnamese("other_amount_vnd") }} || ' đồng'
    end || '.' as message_vi
  from read_twice
),

found as (
  select * from unclear_units
  union all
  select * from improbable_amounts
),

final as (
  select
    found.finding_kind,
    submissions.unit_key,
    submissions.period_code,
    found.submission_id,
    found.sheet_number,
    found.row_number,
    found.form_name,
    found.field_name,
    found.figure_reported,
    cast(null as decimal(20, 3)) as figure_computed,
    found.message_vi
  from found
  inner join submissions using (submission_id)
)

select * from final
