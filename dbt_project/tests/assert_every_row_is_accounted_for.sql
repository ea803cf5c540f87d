-- The law of conservation: a sheet's rows are loaded, quarantined or structure, and nothing remains.
select
  submission_id,
  sheet_number,
  rows_seen,
  remainder
from {{ ref("conservation_ledger") }}
where remainder <> 0
