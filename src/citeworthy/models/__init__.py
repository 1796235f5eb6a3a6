"""Seams to models. Each has a real implementation, optional others, and a deterministic fake."""
