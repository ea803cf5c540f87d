{{ config(materialized="table") }}

with units as (
  select * from {{ ref("units") }}
),

aliases as (
  select * from {{ ref("unit_aliases") }}
),

prefixes as (
  select * from {{ ref("unit_name_prefixes") }}
),

names as (
  select
    unit_key,
    unit_key as spelling
  from units
  union all
  select
    unit_key,
    unit_code
  from units
  union all
  select
    unit_key,
    unit_name
  from units
  union all
  select
    unit_key,
    alias
  from aliases
),

folded_names as (
  select
    units.unit_key,
    units.unit_name,
    units.unit_level,
    units.valid_from,
    units.valid_to,
    {{ fold("names.spelling") }} as folded
  from names
  inner join units using (unit_key)
  where names.spelling is not null
),

prefixed as (
  select
    folded_names.unit_key,
    folded_names.unit_name,
    folded_names.valid_from,
    folded_names.valid_to,
    {{ fold("prefixes.prefix") }} || folded_names.folded as folded
  from folded_names
  inner join prefixes using (unit_level)
),

final as (
  select
    unit_key,
    unit_name,
    valid_from,
    valid_to,
    folded
  from folded_names
  union
  select
    unit_key,
    unit_name,
    valid_from,
    valid_to,
    folded
  from prefixed
)

select * from final
