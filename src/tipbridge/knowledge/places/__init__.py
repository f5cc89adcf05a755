"""Whose is it? IP addresses to networks and countries, with provenance."""
