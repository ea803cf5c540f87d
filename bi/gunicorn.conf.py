"""How Superset is served: one process with threads, as an office needs; queries are short and an edition answers fast."""

workers = 1
worker_class = "gthread"
threads = 8
timeout = 120
# what filters and drawn charts have chosen stands in addresses
limit_request_line = 0
