{{ config(**by_unit({"int_submissions_ranked": "is_current"})) }}

with submissions as (
  select * from {{ ref("int_submissions_ranked") }}
  where is_current and unit_key is not null and period_code is not null and {{ of_stale_units("unit_key") }}
),

half_year_days as (
  {{ half_year_days() }}
),

days_of_repetition as (
  select * from {{ ref("int_days_of_repetition") }}
  where {{ of_stale_units("unit_key") }}
),

form_rows as (
  {%- for form_name in forms_of_half_years() %}
  select
    submissions.unit_key,
    '{{ form_name }}' as form_name,
    submissions.period_code as return_period_code,
    submissions.arrival_order,
    submissions.sent_as,
    form_rows.submission_id,
    form_rows.sheet_number,
    form_rows.row_number,
    {{ event_of(form_name, "form_rows") }} as event_on,
    md5({{ row_words(form_name, "form_rows") }}) as words_digest
  from {{ ref("stg_" ~ form_name) }} as form_rows
  inner join submissions
    on form_rows.submission_id = submissions.submission_id
    and submissions.form_name = '{{ form_name }}'
  inner join days_of_repetition
    on days_of_repetition.form_name = '{{ form_name }}'
    and submissions.unit_key = days_of_repetition.unit_key
    and {{ event_of(form_name, "form_rows") }} is not distinct from days_of_repetition.event_on
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

-- Two gifts alike on one day are two rows of one return; the first repeats the first, the second the second.
placed as (
  select
    form_rows.*,
    half_year_days.period_code as event_period_code,
    row_number() over (
      partition by form_rows.unit_key, form_rows.form_name, form_rows.return_period_code, form_rows.words_digest
      order by form_rows.arrival_order, form_rows.sheet_number, form_rows.row_number
    ) as number_in_return,
    row_number() over (
      partition by form_rows.submission_id, form_rows.form_name, form_rows.words_digest
      order by form_rows.sheet_number, form_rows.row_number
    ) as number_in_file
  from form_rows
  left join half_year_days
    on form_rows.event_on = half_year_days.day_on
),

-- It counts where the return of its own half-year tells it; where none does, in the first of those that do.
of_other_half_years as (
  select
    repeated.*,
    firsts.submission_id as first_submission_id,
    firsts.sheet_number as first_sheet_number,
    firsts.row_number as first_row_number,
    firsts.return_period_code as first_period_code,
    row_number() over (
      partition by repeated.submission_id, repeated.form_name, repeated.sheet_number, repeated.row_number
      order by
        case when firsts.return_period_code = firsts.event_period_code then 0 else 1 end, firsts.return_period_code
    ) as place_number
  from placed as repeated
  inner join placed as firsts
    on repeated.unit_key = firsts.unit_key
    and repeated.form_name = firsts.form_name
    and repeated.event_period_code = firsts.event_period_code
    and repeated.words_digest = firsts.words_digest
    and repeated.number_in_return = firsts.number_in_return
    and repeated.return_period_code <> firsts.return_period_code
    and (
      firsts.return_period_code = firsts.event_period_code or repeated.return_period_code > firsts.return_period_code
    )
  where repeated.event_period_code <> repeated.return_period_code
),

-- What a supplement repeats of the return that it adds to is no addition.
of_supplements as (
  select
    repeated.*,
    firsts.submission_id as first_submission_id,
    firsts.sheet_number as first_sheet_number,
    firsts.row_number as first_row_number,
    firsts.return_period_code as first_period_code,
    row_number() over (
      partition by repeated.submission_id, repeated.form_name, repeated.sheet_number, repeated.row_number
      order by firsts.arrival_order, firsts.submission_id
    ) as place_number
  from placed as repeated
  inner join placed as firsts
    on repeated.unit_key = firsts.unit_key
    and repeated.form_name = firsts.form_name
    and repeated.return_period_code = firsts.return_period_code
    and repeated.words_digest = firsts.words_digest
    and repeated.number_in_file = firsts.number_in_file
    and repeated.submission_id <> firsts.submission_id
    and (firsts.sent_as <> 'supplement' or repeated.arrival_order > firsts.arrival_order)
  where repeated.sent_as = 'supplement'
),

found as (
  select
    unit_key,
    form_name,
    return_period_code,
    submission_id,
    sheet_number,
    row_number,
    first_submission_id,
    first_sheet_number,
    first_row_number,
    first_period_code
  from of_other_half_years
  where place_number = 1
  union all
  select
    of_supplements.unit_key,
    of_supplements.form_name,
    of_supplements.return_period_code,
    of_supplements.submission_id,
    of_supplements.sheet_number,
    of_supplements.row_number,
    of_supplements.first_submission_id,
    of_supplements.first_sheet_number,
    of_supplements.first_row_number,
    of_supplements.first_period_code
  from of_supplements
  left join of_other_half_years
    on of_supplements.submission_id = of_other_half_years.submission_id
    and of_supplements.sheet_number = of_other_half_years.sheet_number
    and of_supplements.row_number = of_other_half_years.row_number
    and of_supplements.form_name = of_other_half_years.form_name
  where of_supplements.place_number = 1 and of_other_half_years.submission_id is null
),

-- A club that a later return names as new once more was founded once, and runs in both half-years.
final as (
  select
    *,
    form_name = 'clubs' and first_period_code <> return_period_code as counts_as_stock
  from found
)

select * from final
