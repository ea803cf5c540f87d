with decisions as (
  select
    first_key,
    second_key
  from {{ ref("member_match_decisions") }}
  where decided_on <= {{ day_known() }}
),

named_keys as (
  select first_key as named_key from decisions
  union
  select second_key as named_key from decisions
),

by_address as (
  select
    mentions.submission_id,
    mentions.sheet_number,
    mentions.row_number,
    mentions.unit_key,
    named_keys.named_key
  from {{ ref("int_member_mentions") }} as mentions
  inner join named_keys
    on mentions.row_key = named_keys.named_key
),

by_words as (
  select
    mentions.submission_id,
    mentions.sheet_number,
    mentions.row_number,
    mentions.unit_key,
    named_keys.named_key,
    by_address.named_key is null as is_meant
  from {{ ref("int_member_mentions") }} as mentions
  inner join named_keys
    on mentions.mention_key = named_keys.named_key
  left join by_address
    on mentions.row_key = by_address.named_key
),

final as (
  select
    *,
    true as is_meant
  from by_address
  union all
  select * from by_words
)

select * from final
