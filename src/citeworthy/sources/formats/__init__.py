"""Readers: one module a format, each from a stream of text to Entries.

A new format is a module with `NAME`, `recognises(head)` and `read(stream, source)`, and a line in
`sources/reading.py`. `recognises` gets the first 200,000 characters of the decoded text.
`tagged*.py` is what formats share whose lines begin with a tag; `ris_*.py` belongs to `ris.py`.
"""
