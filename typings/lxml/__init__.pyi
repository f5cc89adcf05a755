"""The part of lxml that Tipbridge uses (lxml brings no types of its own)."""
