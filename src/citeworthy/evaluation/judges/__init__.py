"""Does a text support a claim? Judges, and how far each can be believed."""
