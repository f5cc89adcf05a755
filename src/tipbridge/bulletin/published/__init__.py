"""Bulletins that were published: kept as they were, for ever."""
