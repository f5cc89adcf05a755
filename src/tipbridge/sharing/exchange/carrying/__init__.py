"""Packages without a push: handed out to a peer that fetches, or carried as files."""
