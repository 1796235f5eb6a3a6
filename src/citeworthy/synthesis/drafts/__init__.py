"""Reading the drafts that people write: one module a format, each from a file to a Draft."""
