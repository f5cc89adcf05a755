"""The tip before it is anybody's case."""
