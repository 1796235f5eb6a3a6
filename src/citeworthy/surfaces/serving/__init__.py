"""What page and API share: one server on one port (`server.py`), the library and work on it, and who may do what."""
