with clubs as (
  select * from {{ ref("int_clubs_attributed") }}
),

successors as (
  select * from {{ ref("int_unit_successors") }}
),

kind_words as (
  select {{ fold("alias") }} as word
  from {{ ref("form_choices") }}
  where choice_list = 'club_kind'
),

pseudonym_key as (
  select secret from {{ source("raw", "pseudonym_key") }}
),

folded as (
  select
    row_key,
    unit_key,
    founded_on,
    {{ fold("club_name") }} as folded_name
  from clubs
),

-- CLB Sống xanh and Câu lạc bộ Sống xanh are one.
without_kind as (
  select
    folded.row_key,
    folded.unit_key,
    folded.founded_on,
    substr(folded.folded_name, coalesce(max(length(kind_words.word)), 0) + 1) as folded_name
  from folded
  left join kind_words
    on folded.folded_name like kind_words.word || '_%'
  group by folded.row_key, folded.unit_key, folded.founded_on, folded.folded_name
),

-- A name may hold that of a person, so that the key is one that nobody can compute from it.
final as (
  select
    without_kind.row_key,
    {{ pseudonym(
      "pseudonym_key.secret",
      "'club|' || coalesce(successors.current_unit_key, without_kind.unit_key) || '|' || without_kind.folded_name || '|'"
      ~ " || cast(without_kind.founded_on as string)"
    ) }} as club_key
  from without_kind
  cross join pseudonym_key
  left join successors
    on without_kind.unit_key = successors.unit_key
)

select * from final
