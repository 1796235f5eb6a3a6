"""Checks every claim against the words it cites, whoever wrote it."""
