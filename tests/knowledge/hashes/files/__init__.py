"""Whole files: hashed with all they hold, and matched."""
