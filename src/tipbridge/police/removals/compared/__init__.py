"""Authorities to compare a file, and what each comparison found."""
