"""The HTTP API for an agency's own system."""
