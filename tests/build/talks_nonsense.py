"""A program that answers what nobody asked, in the place of ``build.dbt_program``."""

import time

print("dbt 1.11, at your service", flush=True)
time.sleep(600)
