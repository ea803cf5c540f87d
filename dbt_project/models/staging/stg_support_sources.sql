with sources as (
  select
    source,
    {{ spaced_words("source") }} as words
  from {{ ref("stg_support_funds") }}
  where source is not null
  group by source
),

spellings as (
  select
    source_category,
    unnest(string_split(words, '|')) as spelling
  from {{ ref("support_source_words") }}
),

known_words as (
  select
    source_category,
    {{ spaced_words("spelling") }} as words
  from spellings
),

final as (
  select
    sources.source,
    case count(distinct known_words.source_category)
      when 0 then 'other'
      when 1 then max(known_words.source_category)
      else 'several'
    end as source_category
  from sources
  left join known_words
    on contains(sources.words, known_words.words)
  group by sources.source
)

select * from final
