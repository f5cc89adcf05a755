"""Search over cases, people, identifiers, notes and facts: scoped first, always with a reason."""
