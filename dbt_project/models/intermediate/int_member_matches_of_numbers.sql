with units as (
  select * from {{ ref("units") }}
),

-- Of a number beside one name and birth only a decision can make two women.
citizen_ids as (
  select citizen_id from {{ ref("int_citizen_ids_in_doubt") }}
  union
  select mentions.citizen_id
  from {{ ref("int_member_mentions") }} as mentions
  inner join {{ ref("int_members_identified_by_decision") }} as by_decision
    on mentions.submission_id = by_decision.submission_id
    and mentions.sheet_number = by_decision.sheet_number
    and mentions.row_number = by_decision.row_number
),

candidates as (
  select
    mentions.*,
    units.area_key
  from {{ ref("int_member_mentions") }} as mentions
  inner join citizen_ids
    on mentions.citizen_id = citizen_ids.citizen_id
  inner join units
    on mentions.unit_key = units.unit_key
),

{{ member_matches(["shared_number"]) }}
