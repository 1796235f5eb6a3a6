"""What a JSON record of a service says, as a Record.

One module a vocabulary, with `is_work(work)` and `to_record(work)`.
"""
