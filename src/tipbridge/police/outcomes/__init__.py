"""Age-aware advice, decisions, the welfare path, feedback."""
