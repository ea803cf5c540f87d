{{ attribute_rows("clubs", "case when form_rows.status = 'new' then form_rows.founded_on end") }}
