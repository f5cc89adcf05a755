"""A host's own texts of notices, in both languages, and what they look like filled in."""
