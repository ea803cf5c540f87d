with balances as (
  select * from {{ ref("int_membership_balances_chained") }}
),

half_years as (
  select * from {{ ref("reporting_periods") }}
  where period_kind = 'half_year'
),

crosswalk as (
  select * from {{ ref("unit_crosswalk") }}
),

-- A balance goes on from the half-year in which its members were last counted, or in which a merge made its unit.
begun as (
  select
    balances.unit_key,
    balances.period_code,
    balances.is_reported,
    balances.anchor_kind,
    half_years.period_start,
    begins.period_start as begins_on
  from balances
  inner join half_years
    on balances.period_code = half_years.period_code
  inner join half_years as begins
    on balances.anchor_holds_from between begins.period_start and begins.period_end
),

-- The last balance of a part of a merge, which the unit that came out of it inherits.
last_of_parts as (
  select
    crosswalk.old_unit_key,
    crosswalk.new_unit_key,
    merged_in.period_start as merged_on,
    begun.begins_on,
    row_number() over (
      partition by crosswalk.old_unit_key, crosswalk.new_unit_key
      order by begun.period_start desc
    ) as balance_from_last
  from crosswalk
  inner join half_years as merged_in
    on crosswalk.effective_date between merged_in.period_start and merged_in.period_end
  inner join begun
    on crosswalk.old_unit_key = begun.unit_key
    and merged_in.period_start > begun.period_start
),

of_unit as (
  select
    begun.unit_key,
    begun.period_code,
    earlier.unit_key as from_unit_key,
    earlier.period_code as from_period_code,
    earlier.is_reported
  from begun
  inner join begun as earlier
    on begun.unit_key = earlier.unit_key
    and earlier.period_start between begun.begins_on and begun.period_start
),

of_parts as (
  select
    begun.unit_key,
    begun.period_code,
    earlier.unit_key as from_unit_key,
    earlier.period_code as from_period_code,
    earlier.is_reported
  from begun
  inner join last_of_parts
    on begun.unit_key = last_of_parts.new_unit_key
    and begun.begins_on = last_of_parts.merged_on
    and last_of_parts.balance_from_last = 1
  inner join begun as earlier
    on last_of_parts.old_unit_key = earlier.unit_key
    and last_of_parts.begins_on <= earlier.period_start
    and last_of_parts.merged_on > earlier.period_start
  where begun.anchor_kind = 'inherited'
),

final as (
  select * from of_unit
  union all
  select * from of_parts
)

select * from final
