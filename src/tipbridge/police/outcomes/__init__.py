"""Age-aware advice, decisions, feedback."""
