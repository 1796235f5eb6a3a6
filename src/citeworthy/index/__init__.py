"""Everything searchable, all of it rebuildable from library.db."""
