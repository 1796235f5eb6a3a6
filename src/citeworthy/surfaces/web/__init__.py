"""The web app: `server.py` serves it, `gate.py` guards it, `page.py` lays it out, `tabs/` do the work and `views/` turn
results into HTML. The only package that imports gradio.
"""
