"""The program that a reading process runs; ``child_process`` starts it and talks to it.

A module of its own because of what must not be imported: pyarrow loads numpy and pandas where they are present, which
no reader needs and which takes longer than everything else that a reader does before its first file.
"""

import sys

if __name__ == "__main__":
    for absent in ("numpy", "pandas"):
        sys.modules[absent] = None  # type: ignore[assignment]  # which says that there is no such module

    from ingest.loading.readers.service import serve

    serve(sys.stdin.buffer, sys.stdout.buffer)
