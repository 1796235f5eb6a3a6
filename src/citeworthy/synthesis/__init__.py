"""Texts over several papers: related work, comparison tables, agreement, maps, and checking a draft."""
