"""Received referrals for the agency's own system, which fetches them over the HTTP API."""
