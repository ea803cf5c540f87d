-- Whoever gets a row back must be told why, in a sentence.
select
  submission_id,
  sheet_number,
  row_number,
  reason_code
from {{ ref("quarantined_rows") }}
where reason_vi is null
