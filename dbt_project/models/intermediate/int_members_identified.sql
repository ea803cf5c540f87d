{{ config(**fingerprinted()) }}

with mentions as (
  select * from {{ ref("int_member_mentions") }}
),

identities as (
  select * from {{ ref("int_member_identities") }}
),

-- A row that a decision names by its address goes before what all rows in its words are.
final as (
  select
    mentions.row_key,
    mentions.submission_id,
    mentions.sheet_number,
    mentions.row_number,
    coalesce(by_row.member_key, by_mention.member_key) as member_key,
    mentions.mention_key,
    mentions.unit_key,
    mentions.return_period_code,
    mentions.period_code,
    mentions.change_type,
    mentions.changed_on,
    mentions.ethnic_group_code,
    mentions.is_core
  from mentions
  inner join identities as by_mention
    on mentions.mention_key = by_mention.mention_key
  left join identities as by_row
    on mentions.row_key = by_row.mention_key
)

select * from final
