"""Ids, clock, errors and their kinds, actors, canonical JSON."""
