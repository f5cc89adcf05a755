"""What a file is known by."""

Digests = tuple[str | None, str | None, str | None]
"""SHA-256, SHA-1 and MD5 of a file, as far as they are known."""
