"""Pure functions over strings: sentences with offsets, normalisation, search tokens, numbers."""
