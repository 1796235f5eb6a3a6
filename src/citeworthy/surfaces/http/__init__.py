"""The API for programs: `/api/v1` (`api.py`), and `/v1` as OpenAI's clients know it (`compatible/`).

`guard.py` stands before both: tokens, limits, request ids. What goes wrong is told as `problems.py` has it.
"""
