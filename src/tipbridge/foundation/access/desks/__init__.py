"""Desks of units, and who is on duty at them."""
