"""How fast reading is, next to what else could be used; see ``docs/performance.md``."""
