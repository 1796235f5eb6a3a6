"""Offline evaluation: questions, systems, measures, statistics, recorded runs and reports. See `eval/README.md`."""
