"""Results as documents: one model of headings, paragraphs and citations, and a module for each format it is written in."""
