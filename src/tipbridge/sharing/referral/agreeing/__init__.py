"""Agreements on a page: in words, side by side, and tried on a stored tip."""
