"""Groups the rooms' commands."""
