"""Somebody brought into a case by mistake: struck out of it, and restored."""
