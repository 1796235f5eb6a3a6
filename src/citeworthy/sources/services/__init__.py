"""Services that are asked over the network: one module each.

choose.py   from what a user typed ("arxiv:2409.19256", a link) to a service and its papers
http.py     the one client: polite, patient, bounded; keys.py  keys go out with a call and nowhere else
cache.py    every page that was fetched, so that an interrupted search goes on where it stopped
base.py     what the services have in common
matching.py which record is of which paper, and what it adds to it; enriching.py  asking for that
"""
