"""Cases, people and their roles, identifiers and links."""
