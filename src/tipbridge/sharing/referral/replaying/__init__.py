"""Decisions kept with all they were made from, and made again."""
