"""The library for language models: an MCP server over stdio or HTTP (Model Context Protocol)."""
