"""Is every cited sentence of a draft supported by the abstract that it cites?"""
