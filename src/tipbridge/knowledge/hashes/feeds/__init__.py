"""Feeds of lists: what other bodies serve, pulled, and our votes handed back."""
