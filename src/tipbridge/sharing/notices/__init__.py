"""Removal notices between nodes: the messages, and what a host's own node keeps and answers."""
