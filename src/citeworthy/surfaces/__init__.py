"""Thin adapters over one Assistant: command line, web page. Nothing here decides anything."""
