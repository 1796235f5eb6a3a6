"""The source of truth: papers in SQLite, their identity, keys and the write lock."""
