"""Readers: one module a format, each from a file to Papers. `reading.py` picks the reader by content.

A new format is a module with `NAME`, `recognises(head)` and `read(lines, source)`, and a line in
`reading.READERS`.
"""
