"""What staff can do now about a place where material is up: ask, bring a notice, send it again."""
