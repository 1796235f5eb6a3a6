"""What a record of JSON or YAML says, as a Record.

One module a vocabulary, with `is_work(work)` and `to_record(work)`; `named_fields.py` reads records whose fields have
names of anybody's choice (`field_names.py`), rows of a table too. `recognise.py` finds the records in an object and
picks their vocabulary; `shapes.py` reads values whatever their shape.
"""
