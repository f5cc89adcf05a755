"""Tipbridge: the open road from a platform's tip to a police outcome."""
