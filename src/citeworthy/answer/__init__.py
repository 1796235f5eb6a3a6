"""From Hits to draft Claims: what the question asks, which sentences answer it, how they are put together."""
