"""Readers: one module a format, each from a stream of text to Entries.

A new format is a module with `NAME`, `recognises(head)` and `read(stream, source)`, and a line in
`sources/reading.py`. `recognises` gets the first 200,000 characters of the decoded text.
Beside the readers: `bibtex_values.py`, `json_parts.py`, `pubmed_parts.py`, `ris_*.py`, `zotero_items.py` and
`zotero_links.py` belong to the reader of that name, `endnote_kinds.py` to both of EndNote, `tagged_values.py` to all of
tagged text.
"""
