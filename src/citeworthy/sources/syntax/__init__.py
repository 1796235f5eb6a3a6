"""Files taken apart, whatever they say: lines, JSON, YAML, XML, tagged fields, rows of a table.

What is broken, endless or hostile in a file is met here: each module goes on after it where it can, holds no more than
one record in memory, and opens nothing outside the file.
"""
