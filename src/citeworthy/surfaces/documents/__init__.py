"""Results as documents: one model of headings, paragraphs and citations; a module for each format of a file."""
