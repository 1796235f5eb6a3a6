"""The page: `page.py` lays it out, `tabs/` do the work, `views/` turn results into HTML; `serving/` serves it.

Gradio is imported here, and where `surfaces/server.py` mounts the page.
"""
