"""Who approved what: people, not accounts, and exactly the content they saw."""
