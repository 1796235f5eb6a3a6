"""Results as HTML. Pure functions; everything that comes from papers, models or people is escaped."""
