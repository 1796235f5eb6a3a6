"""From files and services to Papers.

formats/    one module a file format; `reading.py` picks it by content
works/      one module a JSON vocabulary (CSL, Crossref, OpenAlex, Semantic Scholar), used by files and services
services/   one module a service that is asked over the network
entries.py  what they all yield; values.py, fields.py  names, dates and identifiers in every shape
"""
