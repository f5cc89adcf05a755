"""Is this known? Digests and lists."""
