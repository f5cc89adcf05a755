"""Leads and queues: what is looked at first, with reasons."""
