"""From a question to Hits: filters read from it, hybrid search, fusion."""
