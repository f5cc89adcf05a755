"""Whose signature counts: keys of peers that follow each other, and keys that were revoked."""
