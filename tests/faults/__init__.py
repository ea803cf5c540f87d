"""Kills, power cuts and full disks under the real system: ``make test-faults``; figures in ``docs/reliability.md``."""
