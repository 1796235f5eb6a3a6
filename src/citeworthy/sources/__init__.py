"""From files and services to Papers.

reading.py   a file to Papers: asks formats/ who knows it
entries.py   what everything here yields (Entry, Skipped), made from what a record says (Record)
formats/     one module a file format
works/       one module a vocabulary of JSON and YAML records (CSL, Crossref, OpenAlex, ...), of files and services
services/    one module a service that is asked over the network
syntax/      JSON, XML, tagged lines, ... taken apart, whatever they say
values.py    names, years, identifiers in every shape; beside it dates.py, pages.py, extra.py and, for types, kinds.py
watching.py  whether a file has changed since it was read
"""
