"""What the page and the API share: the library and work on it, who may come in, what is kept of whom."""
