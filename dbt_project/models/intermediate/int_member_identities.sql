with mentions as (
  select * from {{ ref("int_member_mentions") }}
),

units_as_is as (
  select * from {{ ref("int_units_as_is") }}
),

pseudonym_key as (
  select secret from {{ source("raw", "pseudonym_key") }}
),

decisions as (
  select
    first_key,
    second_key,
    decision
  from {{ ref("member_match_decisions") }}
  where decided_on <= {{ day_known() }}
),

named_by_decisions as (
  select first_key as named_key from decisions
  union
  select second_key as named_key from decisions
),

-- What is identified: everything that returns say of a woman in the same words, and single rows that a decision names
-- by their address, because two women of one name in one village can be told apart in no other way.
told as (
  select
    mention_key,
    citizen_id,
    folded_name,
    birth,
    birth_year,
    unit_key,
    folded_village
  from mentions
  group by mention_key, citizen_id, folded_name, birth, birth_year, unit_key, folded_village
  union all
  select
    mentions.row_key as mention_key,
    mentions.citizen_id,
    mentions.folded_name,
    mentions.birth,
    mentions.birth_year,
    mentions.unit_key,
    mentions.folded_village
  from mentions
  inner join named_by_decisions
    on mentions.row_key = named_by_decisions.named_key
),

-- A citizen number that stands beside two names or two births was mistyped somewhere; it identifies nobody alone.
citizen_ids as (
  select
    citizen_id,
    count(distinct folded_name) = 1
    and count(distinct birth_year) = 1
    and count(distinct case when length(birth) > 4 then birth end) <= 1 as is_one_person
  from told
  where citizen_id is not null
  group by citizen_id
),

-- Units that went whole into one of today's; after a split nobody knows which part a woman lives in.
successors as (
  select
    unit_key,
    max(current_unit_key) as current_unit_key
  from units_as_is
  group by unit_key
  having count(*) = 1
),

placed as (
  select
    told.*,
    coalesce(successors.current_unit_key, told.unit_key) as current_unit_key
  from told
  left join successors
    on told.unit_key = successors.unit_key
),

-- A village keeps its name when communes merge, and two of the merged communes may each have a Thôn 1: a woman of the
-- merged commune is she of an older one only if one older one alone knows her.
older_homes as (
  select
    folded_name,
    birth,
    folded_village,
    current_unit_key,
    max(case when unit_key <> current_unit_key then unit_key end) as older_unit_key
  from placed
  group by folded_name, birth, folded_village, current_unit_key
  having count(distinct case when unit_key <> current_unit_key then unit_key end) = 1
),

named as (
  select
    placed.*,
    'name|' || placed.folded_name || '|' || placed.birth
    || '|' || coalesce(older_homes.older_unit_key, placed.unit_key) || '|' || placed.folded_village as name_identity,
    case
      when citizen_ids.is_one_person then 'citizen_id|' || placed.citizen_id
      when placed.citizen_id is not null
        then 'citizen_id|' || placed.citizen_id || '|' || placed.folded_name || '|' || placed.birth
    end as citizen_identity
  from placed
  left join older_homes
    on placed.folded_name = older_homes.folded_name
    and placed.birth = older_homes.birth
    and placed.folded_village = older_homes.folded_village
    and placed.current_unit_key = older_homes.current_unit_key
  left join citizen_ids
    on placed.citizen_id = citizen_ids.citizen_id
),

-- One citizen number alone beside a name, birth and village is hers also where it was left out; of two, nobody knows.
only_numbers as (
  select
    name_identity,
    max(citizen_identity) as citizen_identity
  from named
  group by name_identity
  having count(distinct citizen_identity) = 1
),

by_rule as (
  select
    named.mention_key,
    coalesce(named.citizen_identity, only_numbers.citizen_identity, named.name_identity) as identity
  from named
  left join only_numbers
    on named.name_identity = only_numbers.name_identity
),

-- What a person decided goes before the rules: the second of two different women stands alone, ...
told_apart as (
  select decisions.second_key as mention_key
  from decisions
  inner join by_rule as first_told
    on decisions.first_key = first_told.mention_key
  inner join by_rule as second_told
    on decisions.second_key = second_told.mention_key
    and first_told.identity = second_told.identity
  where decisions.decision = 'different'
  group by decisions.second_key
),

separated as (
  select
    by_rule.mention_key,
    case
      when told_apart.mention_key is not null then 'mention|' || by_rule.mention_key
      else by_rule.identity
    end as identity
  from by_rule
  left join told_apart
    on by_rule.mention_key = told_apart.mention_key
),

-- ... and the same woman under two names or numbers is one, also over several decisions (eight steps of them).
same_pairs as (
  select
    first_told.identity as one_identity,
    second_told.identity as other_identity
  from decisions
  inner join separated as first_told
    on decisions.first_key = first_told.mention_key
  inner join separated as second_told
    on decisions.second_key = second_told.mention_key
  where decisions.decision = 'same'
),

one_step as (
  select
    one_identity,
    other_identity
  from same_pairs
  union
  select
    other_identity,
    one_identity
  from same_pairs
  union
  select
    one_identity,
    one_identity as itself
  from same_pairs
  union
  select
    other_identity,
    other_identity as itself
  from same_pairs
),

{% for before, now in [("one_step", "two_steps"), ("two_steps", "four_steps"), ("four_steps", "eight_steps")] -%}
{{ now }} as (
  select
    nearer.one_identity,
    farther.other_identity
  from {{ before }} as nearer
  inner join {{ before }} as farther
    on nearer.other_identity = farther.one_identity
  group by nearer.one_identity, farther.other_identity
),

{% endfor -%}
united as (
  select
    one_identity as identity,
    min(other_identity) as united_identity
  from eight_steps
  group by one_identity
),

settled as (
  select
    separated.mention_key,
    coalesce(united.united_identity, separated.identity) as identity
  from separated
  left join united
    on separated.identity = united.identity
),

final as (
  select
    settled.mention_key,
    settled.identity,
    {{ pseudonym("pseudonym_key.secret", "settled.identity") }} as member_key
  from settled
  cross join pseudonym_key
)

select * from final
