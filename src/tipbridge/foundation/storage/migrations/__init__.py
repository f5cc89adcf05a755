"""Numbered, forward-only migrations, written by hand."""
