with identified as (
  select * from {{ ref("int_members_identified") }}
),

balances as (
  select * from {{ ref("int_membership_balances_chained") }}
),

counts as (
  select * from {{ ref("int_opening_balances_resolved") }}
),

matches as (
  select * from {{ ref("int_member_matches_ambiguous") }}
),

labels as (
  select
    value_code as change_type,
    max(label_vi) as change_label
  from {{ ref("form_choices") }}
  where choice_list = 'change_type'
  group by value_code
),

units as (
  select
    unit_key,
    unit_name,
    unit_kind
  from {{ ref("units") }}
),

mentioned_more_than_once as (
  select member_key
  from identified
  group by member_key
  having count(*) > 1
),

one_after_the_other as (
  select
    identified.*,
    case when identified.change_type in ('joined', 'moved_in') then 'in' else 'out' end as direction,
    lag(identified.change_type) over (
      partition by identified.member_key
      order by identified.changed_on, identified.submission_id, identified.sheet_number, identified.row_number
    ) as last_change_type,
    lag(identified.unit_key) over (
      partition by identified.member_key
      order by identified.changed_on, identified.submission_id, identified.sheet_number, identified.row_number
    ) as last_unit_key,
    lag(identified.period_code) over (
      partition by identified.member_key
      order by identified.changed_on, identified.submission_id, identified.sheet_number, identified.row_number
    ) as last_period_code,
    lag(identified.changed_on) over (
      partition by identified.member_key
      order by identified.changed_on, identified.submission_id, identified.sheet_number, identified.row_number
    ) as last_changed_on
  from identified
  inner join mentioned_more_than_once
    on identified.member_key = mentioned_more_than_once.member_key
),

-- Nobody comes twice without going, goes twice without coming, or does anything after her death.
out_of_order as (
  select
    one_after_the_other.*,
    one_after_the_other.change_type = one_after_the_other.last_change_type
    and one_after_the_other.unit_key = one_after_the_other.last_unit_key
    and one_after_the_other.period_code = one_after_the_other.last_period_code as is_same_change
  from one_after_the_other
  where
    one_after_the_other.last_change_type = 'died'
    or (one_after_the_other.direction = 'in' and one_after_the_other.last_change_type in ('joined', 'moved_in'))
    or (one_after_the_other.direction = 'out' and one_after_the_other.last_change_type in ('moved_out', 'left'))
),

persons as (
  select
    case when out_of_order.is_same_change then 'same_person_twice' else 'impossible_order' end as finding_kind,
    out_of_order.unit_key,
    out_of_order.period_code,
    out_of_order.submission_id,
    out_of_order.sheet_number,
    out_of_order.row_number,
    'member_changes' as form_name,
    'change_type' as field_name,
    cast(null as decimal(20, 3)) as figure_reported,
    cast(null as decimal(20, 3)) as figure_computed,
    case
      when out_of_order.is_same_change
        then 'Người này đã được ghi “' || labels.change_label || '” một lần trong cùng kỳ, ngày '
          || {{ day_in_vietnamese("out_of_order.last_changed_on") }}
          || '.'
      -- the two communes settle it between them; what a row already says (her number) is not asked for
      when out_of_order.last_unit_key <> out_of_order.unit_key
        then 'Ghi “' || labels.change_label || '” nhưng ngày '
          || {{ day_in_vietnamese("out_of_order.last_changed_on") }}
          || ' ' || {{ name_in_sentence("last_units") }} || ' đã ghi “' || last_labels.change_label
          || '” cho người này.'
      else 'Ghi “' || labels.change_label || '” nhưng lần trước, ngày '
        || {{ day_in_vietnamese("out_of_order.last_changed_on") }} || ', người này đã được ghi “'
        || last_labels.change_label
        || '”.'
    end as message_vi
  from out_of_order
  inner join labels
    on out_of_order.change_type = labels.change_type
  inner join labels as last_labels
    on out_of_order.last_change_type = last_labels.change_type
  left join units as last_units
    on out_of_order.last_unit_key = last_units.unit_key
),

-- A count holds, and what was carried so far stands beside it, so that somebody looks for the changes that are missing.
breaks as (
  select
    'balance_break' as finding_kind,
    counts.unit_key,
    counts.period_code,
    counts.submission_id,
    counts.sheet_number,
    counts.row_number,
    'opening_balances' as form_name,
    'members' as field_name,
    cast(counts.members as decimal(20, 3)) as figure_reported,
    cast(balances.carried_members as decimal(20, 3)) as figure_computed,
    'Số hội viên đếm được ngày ' || {{ day_in_vietnamese("counts.as_of") }} || ' là '
    || {{ figure_in_vietnamese("counts.members") }} || ', trong khi số lũy kế đến ngày đó là '
    || {{ figure_in_vietnamese("balances.carried_members") }}
    || '. Từ ngày này tính theo số đếm được.' as message_vi
  from counts
  inner join balances
    on counts.unit_key = balances.unit_key
    and counts.period_code = balances.period_code
    and counts.holds_from = balances.anchor_holds_from
  where counts.members <> balances.carried_members
  union all
  select
    'balance_break' as finding_kind,
    balances.unit_key,
    balances.period_code,
    cast(null as string) as submission_id,
    cast(null as integer) as sheet_number,
    cast(null as bigint) as row_number,
    'member_changes' as form_name,
    cast(null as string) as field_name,
    cast(null as decimal(20, 3)) as figure_reported,
    cast(closing_members as decimal(20, 3)) as figure_computed,
    'Số hội viên cuối kỳ tính ra số âm: ' || {{ figure_in_vietnamese("closing_members") }}
    || '.' as message_vi
  from balances
  where balances.closing_members < 0
),

unclear as (
  select
    'ambiguous_member' as finding_kind,
    unit_key,
    last_period_code as period_code,
    cast(null as string) as submission_id,
    cast(null as integer) as sheet_number,
    cast(null as bigint) as row_number,
    'member_changes' as form_name,
    cast(null as string) as field_name,
    cast(null as decimal(20, 3)) as figure_reported,
    cast(count(distinct member_key) as decimal(20, 3)) as figure_computed,
    {{ figure_in_vietnamese("count(distinct member_key)") }}
    || ' hội viên có thể ghi trùng với người khác (' || case match_kind
      when 'shared_number' then 'cùng một số CCCD ghi cho nhiều người'
      when 'same_village' then 'cùng họ tên, năm sinh và chi hội'
      when 'other_village' then 'cùng họ tên, cùng ngày sinh hoặc năm sinh, khác chi hội'
      else 'cùng họ tên, cùng ngày sinh hoặc năm sinh, khác đơn vị'
    end || ').' as message_vi
  from matches
  group by unit_key, last_period_code, match_kind
),

final as (
  select * from persons
  union all
  select * from breaks
  union all
  select * from unclear
)

select * from final
